package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

/** Where rank 0 listens while the ranks find each other. */
public record MasterEndpoint(String host, int port) {
  public MasterEndpoint {
    checkArgument(host != null && !host.isBlank(), "Invalid master host: '%s'", host);
    checkArgument(
        port >= 1024 && port <= 65535, "Invalid master port: %s (expected 1024 to 65535)", port);
  }

  /** As PyTorch's {@code init_method}. */
  public String initMethod() {
    return "tcp://" + host + ":" + port;
  }
}
