package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.net.URI;

/** The object store that scripts reach with their own client. */
public record S3Endpoint(URI address, CertificateCheck certificateCheck) {

  /** Whether clients verify the server's certificate. */
  public enum CertificateCheck {
    VERIFIED,
    SKIPPED
  }

  public S3Endpoint {
    checkArgument(
        address != null
            && address.getHost() != null
            && ("https".equals(address.getScheme()) || "http".equals(address.getScheme())),
        "Invalid object store endpoint: '%s' (expected https://HOST or http://HOST)",
        address);
  }

  boolean usesTls() {
    return "https".equals(address.getScheme());
  }
}
