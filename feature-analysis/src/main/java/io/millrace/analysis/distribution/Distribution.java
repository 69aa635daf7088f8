package io.millrace.analysis.distribution;

import static java.util.Objects.requireNonNull;

/** A summary and a histogram of the same values. */
public record Distribution(Summary summary, Histogram histogram) {
  public Distribution {
    requireNonNull(summary, "summary is null");
    requireNonNull(histogram, "histogram is null");
  }
}
