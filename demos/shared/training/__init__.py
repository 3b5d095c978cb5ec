"""What recipes share; with the training folders of the demos the only place that imports Keras."""
