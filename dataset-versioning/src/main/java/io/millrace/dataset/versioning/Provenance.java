package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Properties;
import java.util.List;

/**
 * How a version came about.
 *
 * @param release of Millrace that published it, with the commit of its source where the build knew
 *     it
 * @param user who ran it
 * @param samplesState the number of the commit of the working state that was published
 * @param imports those that brought its samples, the latest first; at most {@value #MOST_IMPORTS}
 * @param importCount how many these are altogether
 * @param settings what was asked for, by the names of the options
 * @param operations what was done to the working state since the version before it on its branch,
 *     apart from imports: merges, rollbacks, edits of labels; oldest first, and of more than
 *     {@value #MOST_OPERATIONS} the latest
 */
public record Provenance(
    String release,
    String user,
    long samplesState,
    List<ImportId> imports,
    long importCount,
    Properties settings,
    List<AuditEntry> operations) {
  public static final int MOST_IMPORTS = 100;
  public static final int MOST_OPERATIONS = 100;

  /** Of a version to which nothing came but imports. */
  public Provenance(
      String release,
      String user,
      long samplesState,
      List<ImportId> imports,
      long importCount,
      Properties settings) {
    this(release, user, samplesState, imports, importCount, settings, List.of());
  }

  public Provenance {
    requireNonNull(release, "release is null");
    requireNonNull(user, "user is null");
    requireNonNull(settings, "settings is null");
    imports = List.copyOf(imports);
    operations = List.copyOf(operations);
    checkArgument(
        operations.size() <= MOST_OPERATIONS,
        "Invalid provenance: %s operations (expected at most %s)",
        operations.size(),
        MOST_OPERATIONS);
    checkArgument(
        imports.size() <= MOST_IMPORTS && imports.size() <= importCount,
        "Invalid provenance: %s imports of %s",
        imports.size(),
        importCount);
  }
}
