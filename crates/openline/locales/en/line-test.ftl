### Tests of the line.
