package io.millrace.training.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.DaemonThreads;
import io.millrace.training.Notification;
import io.millrace.training.NotificationEvent;
import io.millrace.training.TrainingRun;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the addresses that a job names of what happens to its run, as a POST of JSON: {@code
 * {"event", "run", "id", "job", "time", "message"}}. Tries three times; that nobody could be told
 * is an event and no more.
 */
final class Notifier implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final int ATTEMPTS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Map<RunEvent.Type, NotificationEvent> KINDS =
      Map.of(
          RunEvent.Type.RUNNING, NotificationEvent.STARTED,
          RunEvent.Type.COMPLETED, NotificationEvent.FINISHED,
          RunEvent.Type.FAILED, NotificationEvent.FAILED,
          RunEvent.Type.TERMINATED, NotificationEvent.STOPPED,
          RunEvent.Type.HUNG, NotificationEvent.HUNG);

  private final TrainingRun run;
  private final Consumer<String> onFailure;
  private final ExecutorService sender;
  private Optional<HttpClient> client = Optional.empty();
  private final Set<NotificationEvent> told = EnumSet.noneOf(NotificationEvent.class);

  /**
   * @param onFailure told a sentence for each notice that did not arrive
   */
  Notifier(TrainingRun run, Consumer<String> onFailure) {
    this.run = run;
    this.onFailure = onFailure;
    this.sender =
        Executors.newSingleThreadExecutor(DaemonThreads.named("notify-" + run.displayName()));
  }

  /** Passes on what somebody wants to know. Returns at once. */
  synchronized void accept(RunEvent event) {
    Optional<NotificationEvent> kind = kindOf(event.type());
    if (kind.isEmpty() || (kind.get() == NotificationEvent.STARTED && !told.add(kind.get()))) {
      return;
    }
    for (Notification each : run.job().notifications()) {
      if (each.on().contains(kind.get())) {
        String body = body(kind.get(), event);
        sender.execute(() -> send(each, kind.get(), body));
      }
    }
  }

  private static Optional<NotificationEvent> kindOf(RunEvent.Type type) {
    return Optional.ofNullable(KINDS.get(type));
  }

  private String body(NotificationEvent kind, RunEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("event", wordOf(kind));
    json.put("run", run.displayName());
    json.put("id", run.id().value());
    json.put("job", run.job().name());
    json.put("time", event.time().toString());
    json.put("message", event.message());
    return json.toString();
  }

  private static String wordOf(NotificationEvent kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Of the sender's own thread: most jobs notify nobody, and a client costs a launch its time. */
  private HttpClient client() {
    if (client.isEmpty()) {
      client = Optional.of(HttpClient.newBuilder().connectTimeout(TIMEOUT).build());
    }
    return client.get();
  }

  private void send(Notification to, NotificationEvent kind, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(to.url())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    String why = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        int status = client().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= 200 && status < 300) {
          return;
        }
        why = "it answered with status " + status;
        if (attempt < ATTEMPTS) {
          Thread.sleep(PAUSE.multipliedBy(attempt).toMillis());
        }
      } catch (IOException e) {
        why = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        why = "the launcher ended";
        break;
      }
    }
    onFailure.accept(
        "Cannot tell %s that the job has %s: %s".formatted(to.url().getHost(), wordOf(kind), why));
  }

  /** Waits until everything was sent or given up, but not for ever. */
  @Override
  public void close() {
    sender.shutdown();
    try {
      if (!sender.awaitTermination(
          ATTEMPTS * TIMEOUT.toMillis() * Math.max(1, run.job().notifications().size()),
          TimeUnit.MILLISECONDS)) {
        LOG.warn("Notices of {} were not all sent", run.displayName());
        List<Runnable> left = sender.shutdownNow();
        LOG.debug("{} notices left", left.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
