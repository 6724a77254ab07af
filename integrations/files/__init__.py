"""Photos and documents: sniffed, limited, re-encoded."""
