"""Running readers over labelled documents and scoring them."""
