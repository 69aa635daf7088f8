package io.millrace.dataset.voc;

/** Why a file is rejected, and where; never leaves this package. */
final class VocFaultException extends Exception {
  private static final long serialVersionUID = 1L;

  private final VocFault fault;
  private final int line;
  private final int column;

  VocFaultException(VocFault fault, String message, int line, int column) {
    super(message);
    this.fault = fault;
    this.line = line;
    this.column = column;
  }

  ParsedVoc.Rejected rejected() {
    return new ParsedVoc.Rejected(fault, getMessage(), line, column);
  }
}
