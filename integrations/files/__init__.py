"""Photos, documents and voices: sniffed, limited, re-encoded."""
