/**
 * What the rows of a table dataset are: columns with a name and a type, the texts that are values
 * of a type, and the type that fits the texts of a column. Pure; no engine and no storage.
 */
package io.millrace.dataset.table;
