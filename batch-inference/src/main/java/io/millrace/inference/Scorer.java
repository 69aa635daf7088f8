package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.inference.Outcome.Origin;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through a list of inputs: while the model answers about one batch, the next is read and
 * decoded by a second thread. An answer is on storage before its outcome is told, so that a run
 * that dies loses no more than the batches at hand.
 *
 * <p>What is wrong with an input ends in its own {@link Outcome.Failed}. Where the model fails on a
 * batch, its inputs are tried one by one. A storage that refuses an answer ends everything with an
 * {@link IOException}: the next run goes on from what is there.
 */
public final class Scorer {
  private static final Logger log = LoggerFactory.getLogger(Scorer.class);

  private final Model model;
  private final InputReader reader;
  private final ObjectStore answers;
  private final BatchOutput output;
  private final int batchSize;
  private final StageTimes times;

  /**
   * @param batchSize images at once, unless the model takes fewer
   * @param times where the time spent is added
   */
  public Scorer(
      Model model,
      InputReader reader,
      ObjectStore answers,
      BatchOutput output,
      int batchSize,
      StageTimes times) {
    checkArgument(batchSize >= 1, "Invalid batch-size: %s (expected at least 1)", batchSize);
    this.model = requireNonNull(model, "model is null");
    this.reader = requireNonNull(reader, "reader is null");
    this.answers = requireNonNull(answers, "answers is null");
    this.output = requireNonNull(output, "output is null");
    this.batchSize = Math.min(batchSize, model.maxBatch());
    this.times = requireNonNull(times, "times is null");
  }

  /**
   * One outcome an input, in their order.
   *
   * @throws IOException if an answer cannot be written
   */
  public List<Outcome> score(List<ScoringInput> inputs) throws IOException {
    ExecutorService ahead =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-read-ahead");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Outcome> outcomes = new ArrayList<>(inputs.size());
      List<List<ScoringInput>> batches = batches(inputs);
      Optional<Future<List<Loaded>>> next = submit(ahead, batches, 0);
      for (int i = 0; next.isPresent(); i++) {
        List<Loaded> batch = await(next.get());
        next = submit(ahead, batches, i + 1);
        outcomes.addAll(finish(batch));
      }
      return outcomes;
    } finally {
      ahead.shutdownNow();
    }
  }

  private List<List<ScoringInput>> batches(List<ScoringInput> inputs) {
    List<List<ScoringInput>> batches = new ArrayList<>();
    for (int start = 0; start < inputs.size(); start += batchSize) {
      batches.add(inputs.subList(start, Math.min(inputs.size(), start + batchSize)));
    }
    return batches;
  }

  private Optional<Future<List<Loaded>>> submit(
      ExecutorService ahead, List<List<ScoringInput>> batches, int index) {
    return index < batches.size()
        ? Optional.of(ahead.submit(() -> batches.get(index).stream().map(this::load).toList()))
        : Optional.empty();
  }

  private static List<Loaded> await(Future<List<Loaded>> batch) throws IOException {
    try {
      return batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interruption = new InterruptedIOException("Scoring was interrupted");
      interruption.initCause(e);
      throw interruption;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Reading ahead failed", e.getCause());
    }
  }

  private sealed interface Loaded {}

  private record Ready(ScoringInput input, PreparedInput prepared) implements Loaded {}

  private record Known(Outcome outcome) implements Loaded {}

  private Loaded load(ScoringInput input) {
    if (input.progress() == ScoringInput.Progress.ANSWERED) {
      Optional<Answer> earlier = readAnswer(input);
      if (earlier.isPresent()) {
        return new Known(successful(input, earlier.get(), Origin.REUSED));
      }
    }
    try {
      long start = System.nanoTime();
      byte[] content;
      try {
        content = reader.read(input.source());
      } finally {
        times.addRead(System.nanoTime() - start);
      }
      start = System.nanoTime();
      try {
        return new Ready(input, model.prepare(content));
      } finally {
        times.addDecode(System.nanoTime() - start);
      }
    } catch (BadInputException e) {
      return new Known(failed(input, e));
    }
  }

  /** Empty if the answer is gone or no answer at all; it is then scored again. */
  private Optional<Answer> readAnswer(ScoringInput input) {
    long start = System.nanoTime();
    try (InputStream stream = answers.open(output.answer(input.answerPath()))) {
      return Optional.of(
          AnswerJson.decode(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException | DatasetException e) {
      log.warn("Scored {} again, its earlier answer is of no use", input.source(), e);
      return Optional.empty();
    } finally {
      times.addRead(System.nanoTime() - start);
    }
  }

  private List<Outcome> finish(List<Loaded> batch) throws IOException {
    List<Ready> ready =
        batch.stream().filter(Ready.class::isInstance).map(Ready.class::cast).toList();
    List<Outcome> predicted = predict(ready);
    List<Outcome> outcomes = new ArrayList<>(batch.size());
    int taken = 0;
    for (Loaded loaded : batch) {
      outcomes.add(loaded instanceof Known known ? known.outcome() : predicted.get(taken++));
    }
    return outcomes;
  }

  private List<Outcome> predict(List<Ready> ready) throws IOException {
    if (ready.isEmpty()) {
      return List.of();
    }
    List<Answer> predictions;
    try {
      predictions = timedPredict(ready);
    } catch (BadInputException e) {
      if (ready.size() == 1) {
        return List.of(failed(ready.get(0).input(), e));
      }
      List<Outcome> outcomes = new ArrayList<>(ready.size());
      for (Ready one : ready) {
        outcomes.addAll(predict(List.of(one)));
      }
      return outcomes;
    }
    List<Outcome> outcomes = new ArrayList<>(ready.size());
    for (int i = 0; i < ready.size(); i++) {
      ScoringInput input = ready.get(i).input();
      write(input, predictions.get(i));
      outcomes.add(successful(input, predictions.get(i), Origin.SCORED));
    }
    return outcomes;
  }

  private List<Answer> timedPredict(List<Ready> ready) throws BadInputException {
    long start = System.nanoTime();
    try {
      return model.predict(ready.stream().map(Ready::prepared).toList());
    } finally {
      times.addModel(System.nanoTime() - start);
    }
  }

  private void write(ScoringInput input, Answer answer) throws IOException {
    long start = System.nanoTime();
    byte[] text = AnswerJson.encode(answer).getBytes(StandardCharsets.UTF_8);
    try (OutputStream stream = answers.create(output.answer(input.answerPath()))) {
      stream.write(text);
    }
    times.addWrite(System.nanoTime() - start);
  }

  private Outcome successful(ScoringInput input, Answer answer, Origin origin) {
    return new Outcome.Successful(
        input.position(),
        input.source().value(),
        output.answer(input.answerPath()),
        answer,
        origin);
  }

  private static Outcome failed(ScoringInput input, BadInputException e) {
    return new Outcome.Failed(input.position(), input.source().value(), e.reason(), e.getMessage());
  }
}
