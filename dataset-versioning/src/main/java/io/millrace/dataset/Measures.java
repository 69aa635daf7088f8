package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the header of a sample's file says about its content; each value is absent where it is
 * unknown or makes no sense for the kind.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param channels of images 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (or CMYK); of audio 1
 *     mono, 2 stereo, and so on
 * @param seconds duration of audio or video, not negative
 * @param sampleRate samples a second (Hz) of audio, at least 1
 */
public record Measures(
    OptionalInt width,
    OptionalInt height,
    OptionalInt channels,
    OptionalDouble seconds,
    OptionalInt sampleRate) {

  public static final Measures NONE =
      new Measures(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty());

  public Measures {
    checkPositive("width", width);
    checkPositive("height", height);
    checkPositive("channels", channels);
    checkPositive("sample rate", sampleRate);
    checkArgument(
        seconds.isEmpty() || (seconds.getAsDouble() >= 0 && Double.isFinite(seconds.getAsDouble())),
        "Invalid duration: %s seconds (expected a finite number, at least 0)",
        seconds);
  }

  public static Measures ofImage(int width, int height, int channels) {
    return new Measures(
        OptionalInt.of(width),
        OptionalInt.of(height),
        OptionalInt.of(channels),
        OptionalDouble.empty(),
        OptionalInt.empty());
  }

  public static Measures ofAudio(double seconds, int sampleRate, int channels) {
    return new Measures(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.of(channels),
        OptionalDouble.of(seconds),
        OptionalInt.of(sampleRate));
  }

  public static Measures ofVideo(int width, int height, OptionalDouble seconds) {
    return new Measures(
        OptionalInt.of(width),
        OptionalInt.of(height),
        OptionalInt.empty(),
        seconds,
        OptionalInt.empty());
  }

  private static void checkPositive(String what, OptionalInt value) {
    checkArgument(
        value.isEmpty() || value.getAsInt() >= 1,
        "Invalid %s: %s (expected at least 1)",
        what,
        value.orElse(0));
  }
}
