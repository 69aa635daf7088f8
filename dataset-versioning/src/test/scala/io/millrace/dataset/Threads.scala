package io.millrace.dataset

/** Threads that work at the same time, to see what happens when several do. */
object Threads {

  /** What came of the work on each input, each in a thread of its own, in the order of inputs. */
  def inParallel[A, T](inputs: Seq[A])(work: A => T): Seq[Either[Throwable, T]] = {
    val results = new Array[Either[Throwable, T]](inputs.size)
    val threads = inputs.zipWithIndex.map { case (input, i) =>
      new Thread(() => results(i) = try Right(work(input)) catch { case e: Throwable => Left(e) })
    }
    threads.foreach(_.start())
    threads.foreach(_.join())
    results.toSeq
  }
}
