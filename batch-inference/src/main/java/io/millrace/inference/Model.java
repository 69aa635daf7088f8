package io.millrace.inference;

import java.util.List;

/**
 * Something that answers about images. Safe for use by several threads: some prepare inputs while
 * others let it predict.
 */
public interface Model extends AutoCloseable {

  /** Most inputs that one call of {@link #predict} takes; at least 1. */
  int maxBatch();

  /**
   * Decodes an image and brings it into the model's form.
   *
   * @throws BadInputException if the content is no image
   */
  PreparedInput prepare(byte[] content) throws BadInputException;

  /**
   * Answers about each input, in their order.
   *
   * @param inputs 1 to {@link #maxBatch()} of them
   * @throws BadInputException if the model fails; any of the inputs may be the cause
   */
  List<Answer> predict(List<PreparedInput> inputs) throws BadInputException;

  @Override
  void close();
}
