package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.UUID;
import java.util.regex.Pattern;

/** Identifies the import that brought a sample: {@code imp-} and 8 to 36 of a-z, 0-9 and -. */
public record ImportId(String value) {
  private static final Pattern FORM = Pattern.compile("imp-[a-z0-9-]{8,36}");

  public ImportId {
    checkArgument(
        value != null && FORM.matcher(value).matches(),
        "Invalid import id: '%s' (expected imp- and 8 to 36 of a-z, 0-9 and -)",
        value);
  }

  public static ImportId random() {
    return new ImportId("imp-" + UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value;
  }
}
