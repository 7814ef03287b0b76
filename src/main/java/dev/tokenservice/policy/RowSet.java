package dev.tokenservice.policy;

import com.google.common.base.Utf8;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import dev.tokenservice.policy.CsvText.MalformedException;
import dev.tokenservice.policy.NamePattern.Kind;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rows of a CSV file, with an index on one column. Keeps the bytes of the file and the offset of each row, and parses a
 * row when it is read. So 100,000 rows need little more memory than the file. Immutable.
 */
final class RowSet {

    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final int MAX_COLUMNS = 64;
    private static final int MAX_PROBLEMS = 10;
    private static final List<Kind> KEYS = List.of(Kind.SHA256, Kind.SERIAL);
    private static final int EMPTY = -1;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final byte[] content;
    private final List<String> columns;
    private final int keyColumn;

    /** A keyed hash, so that nobody who names devices can choose keys with the same hash. */
    private final HashFunction hashing;

    /** For each kind of name, the first key that is not valid for it. */
    private final Map<Kind, String> misfits = new EnumMap<>(Kind.class);

    private final Map<Kind, String> doubts = new EnumMap<>(Kind.class);

    /** The offset of each row, in a hash table that is at most half full. */
    private int[] table = new int[0];

    private int size;

    private RowSet(byte[] content, List<String> columns, int keyColumn) {
        this.content = content;
        this.columns = columns;
        this.keyColumn = keyColumn;
        SecureRandom random = new SecureRandom();
        this.hashing = Hashing.sipHash24(random.nextLong(), random.nextLong());
    }

    /**
     * Reads a set.
     *
     * @param key the column of the index
     * @param problems receives a line for each problem of the content
     * @return the rows; empty if the content is invalid
     */
    static Optional<RowSet> read(byte[] content, String key, List<String> problems) {
        int before = problems.size();
        if (!Utf8.isWellFormed(content)) {
            problems.add("is not a text in UTF-8");
            return Optional.empty();
        }
        try {
            CsvText text = new CsvText(content, 0);
            List<String> columns = text.hasNext() ? text.next() : List.of();
            checkColumns(columns, key, problems);
            if (problems.size() > before) {
                return Optional.empty();
            }
            RowSet set = new RowSet(content, List.copyOf(columns), columns.indexOf(key));
            set.index(text, problems);
            return problems.size() > before ? Optional.empty() : Optional.of(set);
        } catch (MalformedException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void checkColumns(List<String> columns, String key, List<String> problems) {
        if (columns.isEmpty()) {
            problems.add("is empty: the first line names the columns");
        } else if (columns.get(0).startsWith(BYTE_ORDER_MARK)) {
            problems.add("line 1: begins with a byte order mark: save it as UTF-8 without one");
        } else if (columns.size() > MAX_COLUMNS) {
            problems.add("line 1: has " + columns.size() + " columns, and " + MAX_COLUMNS + " are allowed");
        } else if (new LinkedHashSet<>(columns).size() < columns.size()) {
            problems.add("line 1: names a column twice");
        } else if (!columns.contains(key)) {
            problems.add("line 1: has no column " + PolicyProblems.quoted(key) + ", only "
                    + PolicyProblems.quoted(String.join(", ", columns)));
        }
        columns.stream()
                .filter(column -> !COLUMN.matcher(column).matches() && !column.startsWith(BYTE_ORDER_MARK))
                .limit(MAX_PROBLEMS)
                .forEach(column -> problems.add("line 1: the column " + PolicyProblems.quoted(column)
                        + " must be named with letters, digits and _, and not begin with a digit"));
    }

    private void index(CsvText text, List<String> problems) throws MalformedException {
        int[] starts = new int[1024];
        int[] hashes = new int[1024];
        List<String> found = new ArrayList<>();
        while (text.hasNext() && found.size() < MAX_PROBLEMS) {
            int line = text.line();
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, size * 2);
                hashes = Arrays.copyOf(hashes, size * 2);
            }
            starts[size] = text.position();
            List<String> row = text.next();
            Optional<String> problem = problem(row);
            if (problem.isPresent()) {
                found.add("line " + line + ": " + problem.get());
            } else {
                hashes[size++] = hash(row.get(keyColumn));
                KEYS.forEach(kind -> note(kind, line, row.get(keyColumn)));
            }
        }
        table = new int[Integer.highestOneBit(Math.max(size, 1)) * 4];
        Arrays.fill(table, EMPTY);
        for (int i = 0; i < size && found.size() < MAX_PROBLEMS; i++) {
            put(starts[i], hashes[i]).ifPresent(found::add);
        }
        problems.addAll(found);
    }

    private Optional<String> problem(List<String> row) {
        if (row.size() != columns.size()) {
            return Optional.of("has " + row.size() + " fields, and there are " + columns.size() + " columns");
        }
        return row.get(keyColumn).isEmpty()
                ? Optional.of("has no " + columns.get(keyColumn) + ", which is the key")
                : Optional.empty();
    }

    /** Adds a row; returns a problem if another row has the same key. */
    private Optional<String> put(int start, int hash) {
        String key = row(start).get(keyColumn);
        int slot = slot(hash);
        while (table[slot] != EMPTY) {
            if (row(table[slot]).get(keyColumn).equals(key)) {
                return Optional.of("lines " + line(table[slot]) + " and " + line(start) + ": both have the "
                        + columns.get(keyColumn) + " " + PolicyProblems.quoted(key));
            }
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = start;
        return Optional.empty();
    }

    private void note(Kind kind, int line, String key) {
        NamePattern pattern = new NamePattern(kind, key);
        if (!misfits.containsKey(kind)) {
            pattern.problem().ifPresent(problem -> misfits.put(kind, "line " + line + ": " + problem));
        }
        if (!doubts.containsKey(kind)) {
            pattern.doubt().ifPresent(doubt -> doubts.put(kind, "line " + line + ": " + doubt));
        }
    }

    /** Returns the problem of the first key that is not valid for a kind of name; empty if all are valid. */
    Optional<String> misfit(Kind kind) {
        return Optional.ofNullable(misfits.get(kind));
    }

    /** Returns the first key that is probably a mistake. */
    Optional<String> doubt(Kind kind) {
        return Optional.ofNullable(doubts.get(kind));
    }

    private int hash(String key) {
        return hashing.hashUnencodedChars(key).asInt();
    }

    private int slot(int hash) {
        return hash & (table.length - 1);
    }

    private List<String> row(int start) {
        try {
            return new CsvText(content, start).next();
        } catch (MalformedException e) {
            throw new IllegalStateException("the rows were read before", e);
        }
    }

    private int line(int start) {
        int line = 1;
        for (int i = 0; i < start; i++) {
            line += content[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    List<String> columns() {
        return columns;
    }

    /** Returns the column of the index. */
    String key() {
        return columns.get(keyColumn);
    }

    int size() {
        return size;
    }

    /** Returns the row of a key, by column. */
    Optional<Map<String, String>> find(String key) {
        for (int slot = slot(hash(key)); table[slot] != EMPTY; slot = (slot + 1) & (table.length - 1)) {
            List<String> row = row(table[slot]);
            if (row.get(keyColumn).equals(key)) {
                Map<String, String> byColumn = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    byColumn.put(columns.get(i), row.get(i));
                }
                return Optional.of(byColumn);
            }
        }
        return Optional.empty();
    }
}
