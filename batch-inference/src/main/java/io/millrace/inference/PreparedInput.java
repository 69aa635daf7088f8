package io.millrace.inference;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;

/** An image as the model takes it, and the size it had before. */
public final class PreparedInput {
  private final float[] values;
  private final int imageWidth;
  private final int imageHeight;

  /**
   * @param values in the model's layout, without the batch dimension; not copied
   * @param imageWidth pixels of the image as it is stored
   * @param imageHeight pixels of the image as it is stored
   */
  public PreparedInput(float[] values, int imageWidth, int imageHeight) {
    this.values = requireNonNull(values, "values is null");
    this.imageWidth = imageWidth;
    this.imageHeight = imageHeight;
  }

  /** A read-only view of the values. */
  public FloatBuffer values() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  public int imageWidth() {
    return imageWidth;
  }

  public int imageHeight() {
    return imageHeight;
  }
}
