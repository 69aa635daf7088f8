package io.millrace.ingestion.layout;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.ingestion.probe.ImageType;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How much a source looks like a format.
 *
 * <table>
 * <caption>Scores</caption>
 * <tr><td>90 to 100</td><td>holds a file that only this format has, with the content it should
 *     have</td></tr>
 * <tr><td>60 to 89</td><td>samples have partner files of this format: 60, and up to 29 more for the
 *     share of samples that do</td></tr>
 * <tr><td>30 to 59</td><td>the directories alone fit</td></tr>
 * <tr><td>1 to 29</td><td>there are files of the dataset's kind, and nothing speaks against
 *     it</td></tr>
 * <tr><td>0</td><td>it is not this format</td></tr>
 * </table>
 *
 * @param score from 0 to 100
 * @param evidence what speaks for it, as the rest of a sentence such as {@code 362 of 364 images
 *     have an .xml file of their name}
 */
public record Recognition(int score, String evidence) {
  /** Not this format. */
  public static final Recognition NONE = new Recognition(0, "nothing of it was found");

  public Recognition {
    checkArgument(score >= 0 && score <= 100, "Invalid score: %s (expected 0 to 100)", score);
    requireNonNull(evidence, "evidence is null");
  }

  /**
   * The recognition of a format by which images have partner files of their name, of which some may
   * be missing.
   *
   * @param isPartner whether a path is that of a partner file
   * @param partner what such a file is called in the evidence, such as {@code an .xml file}
   */
  static Recognition ofPartners(SourceGlance glance, Predicate<String> isPartner, String partner) {
    Set<String> partners =
        glance
            .paths()
            .filter(isPartner)
            .map(SourceDirectory::withoutExtension)
            .collect(Collectors.toSet());
    List<String> images =
        glance.paths().filter(path -> ImageType.ofFileName(path).isPresent()).toList();
    long pairs =
        images.stream().map(SourceDirectory::withoutExtension).filter(partners::contains).count();
    return ofPartners(
        pairs,
        images.size(),
        "%s of %s images seen have %s of their name".formatted(pairs, images.size(), partner));
  }

  /** The score of a format by which samples have partners, of which some may be missing. */
  static Recognition ofPartners(long withPartner, long samples, String evidence) {
    return withPartner == 0
        ? NONE
        : new Recognition((int) (60 + 29 * withPartner / Math.max(1, samples)), evidence);
  }
}
