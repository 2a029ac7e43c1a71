"""Projects the truth of a document onto the words of its pages, as labels to train on."""
