"""What `make train` runs: an encoder and human marks in, the data of the offline grader out."""
