/**
 * Runs as they lie on disk: each a directory with its job, its state, its events and its logs.
 *
 * <p>A launcher writes them, any process reads them: {@link io.millrace.training.watch.RunRegistry}
 * lists runs, tells how they stand, follows their logs and asks them to stop. No engine is needed.
 */
package io.millrace.training.watch;
