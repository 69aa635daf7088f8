package io.millrace.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How well a model's answers agree with the labels of the images. */
public interface Evaluation {

  /** Images that had both an answer and labels to compare it with. */
  long images();

  /** The figures in a few words, for a line on the terminal. */
  String toLine();

  /** Adds all figures to a JSON object. */
  void addTo(ObjectNode node);
}
