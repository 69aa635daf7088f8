package io.millrace.inference.vision;

/** In which order a model takes the numbers of an image. */
public enum PixelLayout {
  /** One plane a colour, row by row. */
  NCHW {
    @Override
    int index(int channel, int pixel, int pixels) {
      return channel * pixels + pixel;
    }

    @Override
    public long[] shape(long batch, int width, int height) {
      return new long[] {batch, ImagePreparation.CHANNELS, height, width};
    }
  },
  /** Row by row, the colours of a pixel side by side. */
  NHWC {
    @Override
    int index(int channel, int pixel, int pixels) {
      return pixel * ImagePreparation.CHANNELS + channel;
    }

    @Override
    public long[] shape(long batch, int width, int height) {
      return new long[] {batch, height, width, ImagePreparation.CHANNELS};
    }
  };

  abstract int index(int channel, int pixel, int pixels);

  /** The dimensions of a batch. */
  public abstract long[] shape(long batch, int width, int height);
}
