"""Plants disputes with known truth around labelled documents."""
