package io.millrace.dataset.versioning;

import io.millrace.dataset.VersionName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which versions came from which. */
public final class VersionLineage {
  private VersionLineage() {}

  /**
   * The nearest version that a version comes from and others too, themselves included; empty where
   * there is none. A deleted version is passed over: it cannot be read.
   *
   * @param left several, whose ancestors count together
   */
  public static Optional<DatasetVersion> commonAncestor(
      VersionHistory history, Collection<VersionName> left, VersionName right) {
    Map<VersionName, DatasetVersion> all =
        history.everyVersion().stream()
            .collect(Collectors.toMap(DatasetVersion::name, Function.identity()));
    Set<VersionName> ofLeft =
        left.stream().flatMap(name -> line(all, name).stream()).collect(Collectors.toSet());
    return line(all, right).stream()
        .filter(ofLeft::contains)
        .flatMap(name -> history.find(name).stream())
        .findFirst();
  }

  /** A version and its ancestors, nearest first. */
  private static Set<VersionName> line(Map<VersionName, DatasetVersion> all, VersionName version) {
    Set<VersionName> line = new LinkedHashSet<>();
    Optional<VersionName> next = Optional.of(version);
    while (next.isPresent() && line.add(next.get())) {
      next = Optional.ofNullable(all.get(next.get())).flatMap(DatasetVersion::parent);
    }
    return line;
  }
}
