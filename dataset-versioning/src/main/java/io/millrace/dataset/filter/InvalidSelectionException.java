package io.millrace.dataset.filter;

import io.millrace.dataset.DatasetException;

/**
 * A selection that cannot be understood. Its message names the fault, shows the expression with a
 * caret below the place, and says what was expected there.
 */
public final class InvalidSelectionException extends DatasetException {
  private static final long serialVersionUID = 1L;

  private final int position;

  InvalidSelectionException(String message, int position) {
    super(message);
    this.position = position;
  }

  /** Where the fault begins: characters (code points) before it, counted from 0. */
  public int position() {
    return position;
  }
}
