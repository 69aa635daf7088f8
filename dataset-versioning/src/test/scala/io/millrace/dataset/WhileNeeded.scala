package io.millrace.dataset

/**
 * A setting of this process that suites need for a while. Where several need it at once, the first
 * sets it and the last takes it back.
 */
class WhileNeeded(set: () => Unit, takeBack: () => Unit) {
  private var users = 0

  def apply[T](work: => T): T = {
    synchronized {
      if (users == 0) set()
      users += 1
    }
    try work
    finally synchronized {
      users -= 1
      if (users == 0) takeBack()
    }
  }
}
