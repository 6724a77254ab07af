"""Local servers that speak as the providers do, so that tests use real SDKs over real HTTP."""
