package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A process of a job, all that a back end must know to start it.
 *
 * @param command the words of the command line, the interpreter's first
 * @param directory where it starts; it may have to be made
 * @param environment set on top of what the node itself has
 * @param overridden names of variables whose usual value the job's own environment replaces
 */
public record GangProcess(
    GangMember member,
    List<String> command,
    Path directory,
    NavigableMap<String, String> environment,
    List<String> overridden) {
  public GangProcess {
    requireNonNull(member, "member is null");
    command = List.copyOf(command);
    checkArgument(!command.isEmpty(), "Invalid command of %s: it is empty", member);
    requireNonNull(directory, "directory is null");
    environment = Collections.unmodifiableNavigableMap(new TreeMap<>(environment));
    overridden = List.copyOf(overridden);
  }
}
