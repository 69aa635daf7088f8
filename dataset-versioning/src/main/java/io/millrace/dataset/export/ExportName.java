package io.millrace.dataset.export;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the files of a sample are called: as its source is, as far as that makes a good name.
 *
 * <p>Sources of other directories, or of other case, may have the same name. The first of them by
 * sample id keeps it; the second is put into a directory {@code 2}, the third into {@code 3}, which
 * no name can clash with, since none holds a slash. So names are unique, also where case or the
 * composition of accents does not count, and the same for the same samples.
 *
 * @param number of the sample among those of equal {@link #key}, from 1
 * @param stem without extension; never empty, hidden, or with spaces at its ends
 * @param extension with its dot; empty text for none
 */
public record ExportName(int number, String stem, String extension) {
  /** File systems allow 255; a temporary name and a second extension need some. */
  private static final int MOST_BYTES = 180;

  private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9]{1,10}");

  public ExportName {
    checkArgument(number >= 1, "Invalid number of a name: %s (expected at least 1)", number);
    requireNonNull(stem, "stem is null");
    requireNonNull(extension, "extension is null");
  }

  public static ExportName of(Sample sample, int number) {
    return new ExportName(number, stem(sample.source()), extension(sample));
  }

  /** What no two samples of the same number may have in common. */
  public static String key(StorageUri source) {
    String composed = Normalizer.normalize(stem(source), Normalizer.Form.NFKC);
    return composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** A path that ends in the source's name and extension. */
  public String in(String directory) {
    return in(directory, extension);
  }

  /**
   * A path for another file about the sample.
   *
   * @param directory with a slash at its end; empty text for the target itself
   * @param otherExtension with its dot
   */
  public String in(String directory, String otherExtension) {
    return directory + (number == 1 ? "" : number + "/") + stem + otherExtension;
  }

  /** The directory of the number, with a slash at its end; empty text for the first. */
  public String numberDirectory() {
    return number == 1 ? "" : number + "/";
  }

  private static String stem(StorageUri source) {
    String name = source.fileName();
    int dot = name.lastIndexOf('.');
    String stem =
        dot > 0 && EXTENSION.matcher(name.substring(dot)).matches() ? name.substring(0, dot) : name;
    return isGood(stem) ? stem : Digest.ofText(source.canonical().value()).hex().substring(0, 32);
  }

  /**
   * Whether a name means the same to file systems, lists of lines, XML and readers of all these.
   */
  private static boolean isGood(String stem) {
    return !stem.isEmpty()
        && !stem.startsWith(".")
        && stem.strip().equals(stem)
        && stem.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
        && stem.codePoints()
            .noneMatch(
                c ->
                    Character.isISOControl(c)
                        || c == '/'
                        || c == '\\'
                        || c == 0xFFFE
                        || c == 0xFFFF
                        || c == 0xFEFF
                        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  /** The source's, if files of the kind may have it; else one that they may have. */
  private static String extension(Sample sample) {
    String name = sample.source().fileName();
    if (sample.kind() == DatasetKind.FREE || sample.kind().accepts(name)) {
      int dot = name.lastIndexOf('.');
      Matcher matcher = EXTENSION.matcher(dot > 0 ? name.substring(dot) : "");
      if (matcher.matches() || sample.kind() == DatasetKind.FREE) {
        return matcher.matches() ? matcher.group() : "";
      }
    }
    return switch (sample.kind()) {
      case IMAGE -> ".jpg";
      case AUDIO -> ".wav";
      case VIDEO -> ".mp4";
      case TEXT -> ".txt";
      case TABLE -> ".csv";
      case FREE -> "";
    };
  }
}
