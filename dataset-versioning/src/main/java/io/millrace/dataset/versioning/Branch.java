package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.VersionName;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A line of work on a dataset.
 *
 * @param place the name of the directory that its working state lies in. Every creation has
 *     another, so that a branch never sees what an earlier one of its name left, nor what another
 *     process writes that creates the same; empty text for {@link BranchName#MAIN}
 * @param from the version that it began with; empty for one that began without samples
 */
public record Branch(BranchName name, String place, Optional<VersionName> from) {
  /** The branch that every dataset has. */
  public static final Branch MAIN = new Branch(BranchName.MAIN, "", Optional.empty());

  private static final Pattern PLACE = Pattern.compile("[A-Za-z0-9_-]{1,64}-[0-9a-f]{12}");

  public Branch {
    requireNonNull(name, "name is null");
    requireNonNull(from, "from is null");
    boolean isMain = name.equals(BranchName.MAIN);
    checkArgument(
        isMain ? place.isEmpty() : PLACE.matcher(place).matches(),
        "Invalid place of branch %s: '%s' (expected its name, - and 12 hexadecimal digits)",
        name,
        place);
  }

  /** A branch that does not exist yet, with a place that no other has. */
  public static Branch create(BranchName name, Optional<VersionName> from, Random random) {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    return new Branch(name, name + "-" + HexFormat.of().formatHex(bytes), from);
  }

  public boolean isMain() {
    return name.equals(BranchName.MAIN);
  }
}
