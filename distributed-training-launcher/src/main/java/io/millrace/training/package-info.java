/**
 * Distributed training: what a job is ({@link io.millrace.training.TrainingJob}), what each of its
 * processes gets ({@link io.millrace.training.GangProcesses}), and how a launched run is handled
 * ({@link io.millrace.training.RunHandle}).
 *
 * <p>Nothing here starts a process: back ends live in packages of their own ({@code .local}, {@code
 * .agent}, {@code .slurm}, {@code .spark}, {@code .kubernetes}), know this package and never each
 * other; {@code .gang} is what those have in common that start their processes themselves. Logs,
 * events and the state of runs on disk are in {@code .watch}, known errors in {@code .diagnosis}.
 * Only {@code .spark} needs Spark.
 *
 * <pre>{@code
 * PythonInterpreter python =
 *     PythonFinder.onThisMachine().find(List.of("torch", "numpy", "PIL")).require();
 * TrainingLauncher launcher =
 *     new LocalLauncher(LaunchSettings.of(Path.of("runs"), python), Clock.systemUTC());
 * TrainingJob job =
 *     TrainingJob.builder("cells", Path.of("examples/detector"), "train.py")
 *         .input(TrainingInput.ofVersion("data_url", DatasetRef.parse("cells@V001"), directory))
 *         .output(TrainingOutput.of("train_url", StorageUri.of(Path.of("out"))))
 *         .parameter("epochs", "10")
 *         .nodes(2)
 *         .build();
 * RunHandle handle = launcher.launch(TrainingRun.of(job));
 * RunState end = handle.awaitTerminal(Duration.ofHours(1));
 * }</pre>
 */
package io.millrace.training;
