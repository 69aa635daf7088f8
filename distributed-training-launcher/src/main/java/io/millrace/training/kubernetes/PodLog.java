package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.millrace.training.WholeFile;
import io.millrace.training.watch.LogLimits;
import io.millrace.training.watch.RotatingLogFile;
import io.millrace.training.watch.ServiceLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the log of a node's pods, one after the other, into the node's log file. Lines are asked
 * for with their times, so that a stream that breaks goes on behind the last line; the place is
 * kept in a file, for a launcher that takes over.
 */
final class PodLog {
  private static final Logger LOG = LoggerFactory.getLogger(PodLog.class);
  private static final Duration PLACE_PERIOD = Duration.ofSeconds(1);
  private static final int MAX_LINE = 1 << 16;

  private final KubernetesClient client;
  private final String namespace;
  private final Path file;
  private final Path placeFile;
  private final LogLimits limits;
  private final Duration pause;

  /** Which pod's lines have been written up to which time. */
  private Place place;

  private long placeWritten;
  private volatile boolean stopped;

  PodLog(KubernetesClient client, String namespace, Path file, LogLimits limits, Duration pause) {
    this.client = client;
    this.namespace = namespace;
    this.file = file;
    this.placeFile = file.resolveSibling("." + file.getFileName() + ".place");
    this.limits = limits;
    this.pause = pause;
    this.place = Place.read(placeFile);
  }

  /**
   * Which lines are there already.
   *
   * @param pod uid of the pod
   * @param time of the last line, as the cluster writes it; empty if there is none
   * @param lines with that very time
   */
  private record Place(String pod, String time, int lines) {
    private static final Place NONE = new Place("", "", 0);
    private static final Pattern FORM = Pattern.compile("(\\S+) (\\S*) (\\d{1,9})\\s*");

    static Place read(Path file) {
      try {
        Matcher matcher = FORM.matcher(Files.readString(file));
        return matcher.matches()
            ? new Place(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3)))
            : NONE;
      } catch (IOException e) {
        return NONE;
      }
    }

    Place after(String nextTime) {
      return new Place(pod, nextTime, nextTime.equals(time) ? lines + 1 : 1);
    }

    String text() {
      return pod + " " + time + " " + lines + "\n";
    }
  }

  /** Ends the reading soon, whatever the pod still writes. */
  void stop() {
    stopped = true;
  }

  /** Reads until the pod is over and all of its log is written. One pod at a time. */
  synchronized void follow(String name, String uid) throws IOException, InterruptedException {
    try (RotatingLogFile log = new RotatingLogFile(file, limits)) {
      if (!place.pod().equals(uid)) {
        place = new Place(uid, "", 0);
        byte[] first = ServiceLine.ofPod(name).getBytes(StandardCharsets.UTF_8);
        log.write(first, 0, first.length);
        WholeFile.replace(placeFile, place.text());
      }
      while (true) {
        boolean over = isOver(name, uid);
        try {
          read(name, log);
        } catch (KubernetesClientException | IOException e) {
          LOG.debug("The log of {} broke off: {}", name, e.toString());
          over = over && isGone(name, uid);
        }
        if (over || stopped) {
          return;
        }
        Thread.sleep(pause.toMillis());
      }
    } finally {
      WholeFile.replace(placeFile, place.text());
    }
  }

  private void read(String name, RotatingLogFile log) throws IOException {
    PodResource pod = client.pods().inNamespace(namespace).withName(name);
    try (LogWatch watch =
        place.time().isEmpty()
            ? pod.inContainer(VolcanoJobManifest.TASK).usingTimestamps().watchLog()
            : pod.inContainer(VolcanoJobManifest.TASK)
                .usingTimestamps()
                .sinceTime(place.time())
                .watchLog()) {
      copy(watch.getOutput(), log);
    }
  }

  private void copy(InputStream lines, RotatingLogFile log) throws IOException {
    // The cluster cuts times to seconds, so lines of the last second come again.
    Place known = place;
    int again = 0;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    for (int n = lines.read(buffer); n >= 0 && !stopped; n = lines.read(buffer)) {
      for (int i = 0; i < n; i++) {
        line.write(buffer[i]);
        if (buffer[i] == '\n' || line.size() == MAX_LINE) {
          again = take(line.toByteArray(), known, again, log);
          line.reset();
        }
      }
    }
    if (line.size() > 0 && stopped) {
      return;
    }
    if (line.size() > 0) {
      line.write('\n');
      take(line.toByteArray(), known, again, log);
    }
  }

  /** Writes a line unless it is known; tells how many of the last known time have come again. */
  private int take(byte[] line, Place known, int again, RotatingLogFile log) throws IOException {
    int space = 0;
    while (space < line.length && line[space] != ' ' && line[space] != '\n') {
      space++;
    }
    String time = new String(line, 0, space, StandardCharsets.US_ASCII);
    Optional<Instant> at = instant(time);
    if (at.isEmpty()) {
      // The rest of a line that is longer than the cluster or this reader takes in one piece.
      log.write(line, 0, line.length);
      return again;
    }
    Optional<Instant> last = instant(known.time());
    if (last.isPresent() && at.get().isBefore(last.get())) {
      return again;
    }
    if (last.isPresent() && at.get().equals(last.get()) && again < known.lines()) {
      return again + 1;
    }
    int begin = Math.min(space + 1, line.length);
    log.write(line, begin, line.length - begin);
    place = place.after(time);
    keepPlace();
    return again;
  }

  private void keepPlace() throws IOException {
    long now = System.nanoTime();
    if (now - placeWritten > PLACE_PERIOD.toNanos()) {
      WholeFile.replace(placeFile, place.text());
      placeWritten = now;
    }
  }

  private static Optional<Instant> instant(String time) {
    try {
      return Optional.of(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private boolean isOver(String name, String uid) {
    try {
      Pod pod = client.pods().inNamespace(namespace).withName(name).get();
      return pod == null || !uid.equals(pod.getMetadata().getUid()) || PodEnd.of(pod).isPresent();
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** A pod that still exists may give the rest of its log yet. */
  private boolean isGone(String name, String uid) {
    try {
      Pod pod = client.pods().inNamespace(namespace).withName(name).get();
      return pod == null || !uid.equals(pod.getMetadata().getUid());
    } catch (KubernetesClientException e) {
      return false;
    }
  }
}
