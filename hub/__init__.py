"""The domain: who may be told what, when, and what happens next. Knows no web framework, provider or scheduler."""
