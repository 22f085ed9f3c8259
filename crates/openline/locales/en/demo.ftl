### What the demo tells.
