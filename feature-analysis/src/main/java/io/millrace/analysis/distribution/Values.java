package io.millrace.analysis.distribution;

import java.util.Arrays;

/** A growing list of numbers: 8 bytes each, so that those of a million images fit in memory. */
public final class Values {
  private double[] values = new double[16];
  private int size;

  public void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
    }
    values[size++] = value;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** A copy of what was added, in that order. */
  public double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
