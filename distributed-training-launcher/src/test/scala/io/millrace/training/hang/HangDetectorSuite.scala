package io.millrace.training.hang

import java.time.{Duration, Instant}
import java.util.{TreeMap => JTreeMap}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

import io.millrace.dataset.DatasetException
import io.millrace.training.hang.HangChange.{Recovered, Sign, Suspected}
import io.millrace.training.hang.HangSettings.Action
import io.millrace.training.hang.Vitals.Posture

/** Simulated jobs, looked at once a period for a simulated hour. */
class HangDetectorSuite extends AnyFunSuite {
  import HangDetectorSuite._

  private val minutely =
    HangSettings.DEFAULT.withPeriod(Duration.ofMinutes(1)).withQuietPeriods(2).withWindow(2)
  private val hangs = 30 * 60 + 20 // seconds

  test("TRN-8 a job that trains - reads, writes and computes all the time - is not suspected") {
    assert(hour(minutely, trains(1), trains(2)) === Seq())
  }

  test("TRN-8 all ranks wait for each other - as after a cut link - are named at the third look") {
    val changes = hour(minutely, until(hangs, trains(1), blocks), until(hangs, trains(2), blocks))
    assert(changes === Seq(looksAfter(hangs, 3) -> new Suspected(Sign.SILENT, ranks(0, 1), 2)))
  }

  test("TRN-8 the same with the defaults - is noticed in 3 periods, before gloo's 30 minutes are over") {
    val settings = HangSettings.DEFAULT
    val changes = simulate(settings, 24, until(hangs, trains(1), blocks), until(hangs, trains(2), blocks))
    val period = settings.period.toSeconds
    assert(changes === Seq(hangs / period.toInt + 3 -> new Suspected(Sign.SILENT, ranks(0, 1), 2)))
    assert(period * 3 < 1800)
  }

  test("TRN-8 a rank that is stopped - though the others read and write - is named at the second look") {
    val changes = hour(minutely, trains(1), until(hangs, trains(2), stopped))
    assert(changes === Seq(looksAfter(hangs, 2) -> new Suspected(Sign.STOPPED, ranks(1), 2)))
  }

  test("TRN-8 a rank that is stopped for one look - as by a debugger - is not suspected") {
    val briefly = until(hangs, trains(2), until(60, stopped, trains(3)))
    assert(hour(minutely, trains(1), briefly) === Seq())
  }

  test("TRN-8 one rank does nothing and the others spin in a busy wait - it is the one named") {
    val changes =
      hour(minutely, until(hangs, trains(1), spins), until(hangs, trains(2), blocks), until(hangs, trains(3), spins))
    assert(changes === Seq(looksAfter(hangs, 3) -> new Suspected(Sign.SILENT, ranks(1), 2)))
  }

  test("TRN-8 jobs that sleep but progress - in several ways - are not suspected") {
    forAll(Table(
      ("how", "ranks"),
      ("one line of log every 90 seconds, by one rank", Seq(sleeps(90, 0, 1), blocks)),
      ("a little CPU time every minute", Seq(sleeps(60, 0.2, 0), sleeps(60, 0.2, 0))),
      ("a little CPU time every 100 seconds", Seq(sleeps(100, 0.2, 0))),
      ("a little CPU time in threads", Seq(inHelpers(sleeps(50, 2, 0)))),
      ("CPU time by one rank, the others wait", Seq(sleeps(45, 1.5, 0), blocks, blocks)),
      ("long steps that compute evenly", Seq(spins, spins)),
      ("a long step that computes unevenly while others wait", Seq(unsteady(4), blocks))
    ))((how, job) => assert(hour(minutely, job: _*) === Seq(), how))
  }

  test("TRN-8 a step of 4 minutes without any sign - ends sooner than the defaults suspect") {
    assert(hour(HangSettings.DEFAULT, sleeps(240, 0, 1), sleeps(240, 0, 1)) === Seq())
  }

  test("TRN-8 a rank that ended - is not named, and those that wait for it in vain are") {
    val ends: Rank = second => if (second < hangs) trains(1)(second) else None
    val changes = hour(minutely, ends, until(hangs, trains(2), blocks))
    assert(changes === Seq(looksAfter(hangs, 3) -> new Suspected(Sign.SILENT, ranks(1), 2)))
  }

  test("TRN-8 all ranks ended, or none began - nothing is said") {
    val never: Rank = _ => None
    assert(hour(minutely, never, never) === Seq())
    val over: Rank = second => if (second < hangs) blocks(second) else None
    assert(hour(minutely, over).map(_._2.getClass) === Seq(classOf[Suspected]))
  }

  test("TRN-8 counters that go backwards - after a restart of a rank's process - are a sign of life") {
    val restarts: Rank = second => rank(0, if (second < hangs) 5 else 2)
    val changes = hour(minutely, restarts)
    assert(changes.map(_._1) === Seq(2, looksAfter(hangs, 1), looksAfter(hangs, 3)))
    assert(changes(1)._2.isInstanceOf[Recovered])
    val lessIo: Rank = second => rank(if (second / 60 % 2 == 0) 7 else 3, 1)
    assert(hour(minutely, lessIo) === Seq())
  }

  test("TRN-8 a rank that goes on - after it was stopped - has recovered; stopped again, is told again") {
    val stops = until(hangs, trains(1), until(300, stopped, until(300, trains(2), stopped)))
    val changes = hour(minutely, trains(3), stops)
    assert(changes === Seq(
      looksAfter(hangs, 2) -> new Suspected(Sign.STOPPED, ranks(1), 2),
      looksAfter(hangs + 300, 1) -> new Recovered(Duration.ofMinutes(4)),
      looksAfter(hangs + 600, 2) -> new Suspected(Sign.STOPPED, ranks(1), 2)
    ))
  }

  test("TRN-8 a rank that may run again - but does nothing - has not recovered") {
    val stops = until(hangs, trains(1), until(300, stopped, blocks))
    val changes = hour(minutely, until(hangs, trains(2), blocks), stops)
    assert(changes === Seq(looksAfter(hangs, 2) -> new Suspected(Sign.STOPPED, ranks(1), 2)))
  }

  test("TRN-8 devices - busy without change, idle, or changing - decide before the CPU time") {
    val settings = minutely.withWindow(4)
    def job(percent: Int => Double, cpu: Rank): Seq[HangChange] =
      hour(settings, onDevice(cpu, percent), onDevice(cpu, percent)).map(_._2)
    assert(job(_ => 100, spins) === Seq(new Suspected(Sign.UNCHANGING, ranks(0, 1), 4)))
    assert(job(second => 60 + 10 * (second / 60 % 3), blocks) === Seq())
    assert(job(second => if (second < hangs) 90 else 20, blocks).map(_.getClass) ===
      Seq(classOf[Suspected], classOf[Recovered], classOf[Suspected]))
    assert(job(_ => 0, spins) === Seq(), "it may prepare its data")
    assert(job(_ => 0, blocks) === Seq(new Suspected(Sign.SILENT, ranks(0, 1), 4)))
  }

  test("TRN-8 tolerances - of variance and of median - are those of the settings") {
    val wide = new HangSettings(Duration.ofMinutes(1), 2, 4, 1, 0.05, 30, 900, Action.REPORT)
    val steady = onDevice(spins, second => 60 + 10 * (second / 60 % 3))
    assert(hour(wide, steady).size === 1)
    val shifted = onDevice(spins, second => if (second % 600 < 300) 60 else 64)
    def with_(median: Double, variance: Double): Int =
      hour(new HangSettings(Duration.ofMinutes(1), 2, 4, 1, 0.05, median, variance, Action.REPORT), shifted)
        .count(_._2.isInstanceOf[Recovered])
    assert(with_(median = 4, variance = 4) === 0)
    assert(with_(median = 3.9, variance = 4) > 0)
    assert(with_(median = 4, variance = 3.9) > 0)
  }

  test("TRN-8 idle CPU time - of threads that keep connections, of main threads - is silence up to the settings") {
    val gloo = inHelpers(sleeps(1, 0.001, 0)) // 0.1 % of a core
    assert(hour(minutely, gloo).map(_._2) === Seq(new Suspected(Sign.SILENT, ranks(0), 2)))
    assert(hour(of(idle = 0.1, main = 0), gloo).size === 1)
    assert(hour(of(idle = 0.09, main = 0), gloo) === Seq())
    val wakes = sleeps(10, 0.004, 0) // 0.04 %
    assert(hour(minutely, wakes).map(_._2) === Seq(new Suspected(Sign.SILENT, ranks(0), 2)))
    assert(hour(of(idle = 1, main = 0.03), wakes) === Seq())
  }

  test("TRN-8 random jobs - that read or write at least once in two periods - are never suspected") {
    (1 to 200).foreach { seed =>
      val random = new Random(seed)
      val busy = sleeps(1 + random.nextInt(119), random.nextInt(3) * random.nextDouble(), 1)
      val idle = if (random.nextBoolean()) blocks else spins
      assert(hour(minutely, busy, idle) === Seq(), seed)
    }
  }

  test("TRN-8 an observation that is not later than the one before - is refused") {
    val detector = new HangDetector(minutely)
    detector.observe(new Observation(Instant.EPOCH, new JTreeMap()))
    val error = intercept[DatasetException](detector.observe(new Observation(Instant.EPOCH, new JTreeMap())))
    assert(error.getMessage ===
      "Invalid observation at 1970-01-01T00:00:00Z: the one before was at 1970-01-01T00:00:00Z")
  }

  test("TRN-8 settings out of range - are refused, each with its range") {
    forAll(Table[() => Any, String](
      ("settings", "message"),
      (() => minutely.withPeriod(Duration.ofMillis(49)), "Invalid hang period: PT0.049S (expected 50 ms to 24 h)"),
      (() => minutely.withPeriod(Duration.ofHours(25)), "Invalid hang period: PT25H (expected 50 ms to 24 h)"),
      (() => minutely.withQuietPeriods(0), "Invalid quiet periods of hang detection: 0 (expected 1 to 1000)"),
      (() => minutely.withWindow(1), "Invalid window of hang detection: 1 periods (expected 2 to 1000)"),
      (() => of(idle = -1), "Invalid idle CPU time of hang detection: -1.0 % (expected 0 to 100)"),
      (() => of(idle = Double.NaN), "Invalid idle CPU time of hang detection: NaN % (expected 0 to 100)"),
      (() => of(main = 100.5),
        "Invalid idle CPU time of main threads in hang detection: 100.5 % (expected 0 to 100)"),
      (() => of(median = 101), "Invalid tolerance of the median in hang detection: 101.0 (expected 0 to 100)"),
      (() => of(variance = -1), "Invalid tolerance of the variance in hang detection: -1.0 (expected 0 to 10000)"),
      (() => new Vitals(0, Duration.ZERO, Duration.ZERO, Posture.FREE, java.util.List.of(120.0)),
        "Invalid utilisation of a device: 120.0 (expected 0 to 100)")
    ))((settings, message) => assert(intercept[DatasetException](settings()).getMessage === message))
  }

  private def of(idle: Double = 0, main: Double = 0, median: Double = 0, variance: Double = 0): HangSettings =
    new HangSettings(Duration.ofMinutes(1), 2, 2, idle, main, median, variance, Action.REPORT)

  private def hour(settings: HangSettings, job: Rank*): Seq[(Int, HangChange)] =
    simulate(settings, (3600 / settings.period.toSeconds).toInt, job: _*)

  /** @return what turned, with the number of the look; look n is at n periods */
  private def simulate(settings: HangSettings, looks: Int, job: Rank*): Seq[(Int, HangChange)] = {
    val detector = new HangDetector(settings)
    (0 to looks).flatMap { look =>
      val second = (look * settings.period.toSeconds).toInt
      val seen = new JTreeMap[Integer, Vitals]()
      job.zipWithIndex.foreach { case (rank, number) => rank(second).foreach(seen.put(number, _)) }
      detector.observe(new Observation(Instant.EPOCH.plusSeconds(second), seen)).toScala.map(look -> _)
    }
  }

  private def looksAfter(second: Int, looks: Int): Int = second / 60 + looks

  private def ranks(numbers: Int*) = numbers.map(Int.box).asJava
}

object HangDetectorSuite {

  /** What a rank has done by a second; none if it does not run. */
  type Rank = Int => Option[Vitals]

  private def seconds(value: Double): Duration = Duration.ofMillis((value * 1000).round)

  private def rank(io: Long, cpu: Double, posture: Posture = Posture.FREE): Option[Vitals] =
    Some(Vitals.ofProcesses(io, seconds(cpu), seconds(cpu), posture))

  /** Steps of some seconds: each reads a batch. */
  private def trains(step: Int): Rank = second => rank(second / step * 1000L, second * 0.8)

  private val blocks: Rank = _ => rank(0, 0)

  private val spins: Rank = second => rank(0, second)

  private val stopped: Rank = _ => rank(0, 0, Posture.STOPPED)

  /** Wakes after each step, uses some CPU time, writes some bytes. */
  private def sleeps(step: Int, cpu: Double, bytes: Int): Rank =
    second => rank(second / step * bytes.toLong, second / step * cpu)

  /** The same, but not in the main thread. */
  private def inHelpers(process: Rank): Rank = second =>
    process(second).map(seen => Vitals.ofProcesses(seen.io, seen.cpu, Duration.ZERO, seen.posture))

  /** Half a core and a whole one in turn, each for some minutes. */
  private def unsteady(minutes: Int): Rank = second =>
    rank(0, (0 until second).count(s => s / 60 % minutes == 0 || s % 2 == 0))

  /** One way of life for some seconds, and then another, which adds to what was counted before. */
  private def until(second: Int, first: Rank, andThen: Rank): Rank = now =>
    if (now < second) first(now)
    else for (before <- first(second); since <- andThen(now - second))
      yield Vitals.ofProcesses(
        before.io + since.io,
        before.cpu.plus(since.cpu),
        before.mainThreads.plus(since.mainThreads),
        since.posture)

  private def onDevice(process: Rank, percent: Int => Double): Rank = second =>
    process(second).map(seen =>
      new Vitals(seen.io, seen.cpu, seen.mainThreads, seen.posture, java.util.List.of(percent(second))))
}
