package io.millrace.training.gang;

import java.io.IOException;

/** A node of a run is gone, or the way to it; its message says how that was noticed. */
public final class NodeLostException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String host;

  public NodeLostException(String host, String message) {
    super(message);
    this.host = host;
  }

  /** The machine, as its back end names it. */
  public String host() {
    return host;
  }
}
