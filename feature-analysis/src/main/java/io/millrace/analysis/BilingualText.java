package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

/** One sentence in the two languages of the report page. */
public record BilingualText(String english, String chinese) {
  public BilingualText {
    requireNonNull(english, "english is null");
    requireNonNull(chinese, "chinese is null");
  }
}
