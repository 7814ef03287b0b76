package dev.tokenservice.policy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Quoted;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Collects the problems of a policy file with their places. */
final class PolicyProblems {

    private static final int MAX_LENGTH = 400;
    private static final int MOST = 100;

    private record Problem(int line, int column, String what) {}

    /** The first problems, and the number of the others. A file of 1 MiB can have a hundred thousand. */
    private static final class Found {

        private final String kind;
        private final List<Problem> first = new ArrayList<>();
        private int count;

        Found(String kind) {
            this.kind = kind;
        }

        void add(int line, int column, String what) {
            if (hasRoom()) {
                first.add(new Problem(line, column, what));
            }
            count++;
        }

        boolean hasRoom() {
            return first.size() < MOST;
        }
    }

    private final Path file;
    private final Found wrong = new Found("problems");
    private final Found absent = new Found("files that are not there");
    private final Found warnings = new Found("warnings");
    private String text = "";

    PolicyProblems(Path file) {
        this.file = file;
    }

    void add(@Nullable Mark mark, String what) {
        add(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1, what);
    }

    void add(int line, int column, String what) {
        wrong.add(line, column, what);
    }

    /** Records a file that cannot be used, at the place that names it. */
    void add(Mark mark, UnusableFileException unusable) {
        Found found = unusable.getCause() instanceof NoSuchFileException ? absent : wrong;
        found.add(mark.getLine() + 1, mark.getColumn() + 1, String.valueOf(unusable.getMessage()));
    }

    /** Sets the text of the file, in which places within values are found. */
    void text(String written) {
        this.text = written;
    }

    /** Records a problem at a character of a value. */
    void add(ScalarNode scalar, int offset, String what) {
        if (!wrong.hasRoom()) {
            add(scalar.getStartMark(), what);
            return;
        }
        WrittenScalar written = new WrittenScalar(text, scalar);
        int index = written.indexOf(offset);
        add(written.line(index), written.column(index), what);
    }

    /** Records a probable mistake. */
    void warn(Mark place, String what) {
        warnings.add(place.getLine() + 1, place.getColumn() + 1, what);
    }

    /** Returns the probable mistakes, each as {@code FILE:LINE:COLUMN: what}. */
    List<String> warnings() {
        return lines(warnings);
    }

    /** Returns whether the file does not end with a line break, as a truncated file. */
    boolean endWithinLine() {
        return !text.endsWith("\n");
    }

    int count() {
        return wrong.count + absent.count;
    }

    /**
     * Returns the problems with missing files, or all others, each as {@code FILE:LINE:COLUMN: what}, in the order of the
     * file.
     */
    List<String> lines(boolean ofAbsent) {
        return lines(ofAbsent ? absent : wrong);
    }

    private List<String> lines(Found... kinds) {
        Stream<String> first = Stream.of(kinds)
                .flatMap(found -> found.first.stream())
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .map(problem -> file + ":" + problem.line() + ":" + problem.column() + ": " + printable(problem.what()))
                .distinct();
        Stream<String> more = Stream.of(kinds)
                .filter(found -> found.count > found.first.size())
                .map(found -> file + ": and " + (found.count - found.first.size()) + " more " + found.kind);
        return Stream.concat(first, more).toList();
    }

    /** Removes control characters, because a file can contain anything. */
    private static String printable(String what) {
        String cut = what.length() > MAX_LENGTH ? what.substring(0, MAX_LENGTH) + "..." : what;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    static String quoted(String value) {
        return Quoted.of(value);
    }

    /**
     * Fails if there are problems.
     *
     * @throws UnusableFileException with all problems
     */
    void throwIfAny() {
        if (count() > 0) {
            throw new UnusableFileException(file, lines(wrong, absent));
        }
    }
}
