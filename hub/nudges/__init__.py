"""When something is said without being asked: rules as data, planning as a pure function, rows as the truth."""
