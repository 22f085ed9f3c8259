### What the doctor finds.
