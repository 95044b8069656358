"""What is said in an interview besides questions and answers: by fixed words, and by a model where there is one."""
