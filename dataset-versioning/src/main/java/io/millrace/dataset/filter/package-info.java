/**
 * The selection language: one expression that says which samples are meant, wherever a selection is
 * named.
 *
 * <pre>{@code
 * label in ('cat', 'dog') and not hard
 * created-at >= '2026-01-01' and directory like '/data/%' and size < 25MB
 * property.weather = 'rain' or metric.brightness < 60
 * }</pre>
 *
 * <p><b>Fields</b> ({@link io.millrace.dataset.filter.SampleField}) in any case, with hyphens or
 * underscores; {@code property.NAME} (or {@code attribute.NAME}) for a free property of the sample,
 * case and all, {@code metric.NAME} for a measured metric; {@code property."time of day"} for a
 * name with spaces, a quote in it doubled.
 *
 * <p><b>Operators</b> {@code = != < <= > >=}, {@code in (..)}, {@code not in}, {@code like}, {@code
 * not like}, {@code between .. and ..} with both ends, {@code not between}, {@code is null}, {@code
 * is not null}; {@code not} binds closer than {@code and}, {@code and} closer than {@code or};
 * parentheses. A field that is true or false may stand alone.
 *
 * <p><b>Literals</b>: {@code 'text'} with quotes doubled, case and all; numbers; {@code true},
 * {@code false}; sizes with B, KB, MB, GB or TB, where 1 KB is 1024 bytes; {@code '2026-01-31'},
 * {@code '2026-01-31 09:30'}, {@code '2026-01-31T09:30:00.25+08:00'} for times, which are UTC where
 * no offset follows and mean the whole day, minute, second or microsecond that they name; words
 * such as {@code TRAIN} in any case, with or without quotes. In a pattern {@code %} is any text,
 * {@code _} one character, {@code \} takes the meaning from one of these three.
 *
 * <p><b>Meaning</b>: true or false, nothing between. A field has no value, one, or several (the
 * labels of a sample, a metric of each box). A test holds where <i>one</i> of the values passes it;
 * so it never holds where there is none. {@code !=}, {@code not in}, {@code not like} and {@code
 * not between} are the exact opposites of {@code =}, {@code in}, {@code like} and {@code between}:
 * they hold where <i>no</i> value passes, and so where there is none.
 *
 * <table>
 * <caption>Three samples, labelled cat and dog with usage TRAIN; labelled dog; with nothing</caption>
 * <tr><th>selection</th><th>cat, dog; TRAIN</th><th>dog</th><th>nothing</th></tr>
 * <tr><td>{@code label = 'cat'}</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>{@code label != 'cat'}</td><td>no</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@code not label = 'cat'}</td><td>no</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@code label = 'cat' and label = 'dog'}</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>{@code label is null}</td><td>no</td><td>no</td><td>yes</td></tr>
 * <tr><td>{@code label != 'cat' and label is not null}</td><td>no</td><td>yes</td><td>no</td></tr>
 * <tr><td>{@code usage = train}</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>{@code usage != train}</td><td>no</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@code width < 100}, widths unknown</td><td>no</td><td>no</td><td>no</td></tr>
 * <tr><td>{@code not width >= 100}, widths unknown</td><td>yes</td><td>yes</td><td>yes</td></tr>
 * </table>
 *
 * <p>A property may hold anything. A text literal is compared with the text of its value, a number
 * with a number or a text that reads as one ({@code "12"}), {@code true} with a boolean or such a
 * text; a list has the values of its elements; null is no value. Numbers are compared as doubles.
 *
 * <p>What an expression gets wrong (a field that does not exist, {@code width = 'x'}, {@code usage
 * = BLUE}) is found when it is parsed and said with its place: {@link
 * io.millrace.dataset.filter.InvalidSelectionException}.
 */
package io.millrace.dataset.filter;
