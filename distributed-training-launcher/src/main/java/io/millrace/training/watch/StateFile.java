package io.millrace.training.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The state of a run on disk ({@code state.json}), together with the process that keeps it up to
 * date. Readers see the old state or the whole new one.
 *
 * @param clusterJob what goes on without the launcher; empty if the run's processes end with it
 */
public record StateFile(
    RunStatus status, LauncherProcess launcher, Optional<ClusterJob> clusterJob) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The state of a run whose processes end with their launcher. */
  public StateFile(RunStatus status, LauncherProcess launcher) {
    this(status, launcher, Optional.empty());
  }

  public void write(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("state", status.state().displayName());
    root.put("created", status.created().toString());
    status.started().ifPresent(time -> root.put("started", time.toString()));
    status.ended().ifPresent(time -> root.put("ended", time.toString()));
    root.put("restarts", status.restarts());
    status.exitCode().ifPresent(code -> root.put("exit_code", code));
    status.failedRank().ifPresent(rank -> root.put("failed_rank", rank));
    status.message().ifPresent(message -> root.put("message", message));
    root.putObject("launcher")
        .put("pid", launcher.pid())
        .put("started", launcher.started().toString());
    clusterJob.ifPresent(
        job ->
            root.putObject("cluster_job")
                .put("backend", job.backend())
                .put("reference", job.reference()));
    WholeFile.replace(file, root.toPrettyString() + "\n");
  }

  /**
   * Reads a state as it was written.
   *
   * @throws IOException if the file cannot be read or is no state
   */
  public static StateFile read(Path file) throws IOException {
    JsonNode root = JSON.readTree(Files.readString(file));
    try {
      RunState state =
          Arrays.stream(RunState.values())
              .filter(each -> each.displayName().equals(root.path("state").asText()))
              .findFirst()
              .orElseThrow(() -> new IOException("Unknown state in " + file));
      return new StateFile(
          new RunStatus(
              state,
              Instant.parse(root.path("created").asText()),
              Optional.ofNullable(root.get("started")).map(JsonNode::asText).map(Instant::parse),
              Optional.ofNullable(root.get("ended")).map(JsonNode::asText).map(Instant::parse),
              root.path("restarts").asInt(),
              number(root, "exit_code"),
              number(root, "failed_rank"),
              Optional.ofNullable(root.get("message")).map(JsonNode::asText)),
          new LauncherProcess(
              root.path("launcher").path("pid").asLong(),
              Instant.parse(root.path("launcher").path("started").asText())),
          Optional.ofNullable(root.get("cluster_job"))
              .map(
                  job ->
                      new ClusterJob(
                          job.path("backend").asText(), job.path("reference").asText())));
    } catch (DateTimeException e) {
      throw new IOException("Invalid time in " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The state as it is. A run that is not over, but whose launcher is gone, is abnormal; if a
   * cluster owns its job, it is as it was seen last, and the message says so.
   */
  RunStatus observed() {
    if (status.state().isTerminal() || launcher.isAlive()) {
      return status;
    }
    if (clusterJob.isPresent()) {
      return status.withMessage(
          "Seen last by the launcher (process %d), which has ended; the %s job %s goes on without it. Attach to the run to follow or stop it."
              .formatted(launcher.pid(), clusterJob.get().backend(), clusterJob.get().reference()));
    }
    return new RunStatus(
        RunState.ABNORMAL,
        status.created(),
        status.started(),
        status.ended(),
        status.restarts(),
        status.exitCode(),
        status.failedRank(),
        Optional.of(
            "The launcher (process %d) ended while the run was %s. Its processes were ended with it; submit the job again."
                .formatted(launcher.pid(), status.state().displayName())));
  }

  /** Whether nobody writes the run's files any more. */
  boolean isSettled() {
    return status.state().isTerminal() || !launcher.isAlive();
  }

  private static OptionalInt number(JsonNode root, String name) {
    return root.has(name) ? OptionalInt.of(root.get(name).asInt()) : OptionalInt.empty();
  }
}
