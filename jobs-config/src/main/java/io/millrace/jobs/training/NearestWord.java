package io.millrace.jobs.training;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Which word somebody may have meant. More generous than {@link
 * io.millrace.dataset.naming.NearestName}, which takes {@code retry} for no {@code retries}: there
 * are few keys, and none is a part of data.
 */
final class NearestWord {
  private NearestWord() {}

  /** The known word that the fewest changed letters lead to; none if half of them would change. */
  static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String each) -> distance(word, each))
                .thenComparing(each -> each))
        .filter(each -> distance(word, each) * 2 <= Math.max(word.length(), each.length()));
  }

  private static int distance(String a, String b) {
    return LevenshteinDistance.getDefaultInstance().apply(a, b);
  }
}
