package dev.tokenservice.files;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is made from files, and made again when one of them changes. A new version that cannot be used is refused with a
 * line in the log, and the old one stays in force. Safe for use by many threads.
 *
 * @param <T> what is made of the files
 */
public final class Watched<T> implements Supplier<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

    /** Looks a second apart: a file that never rests is read after so many of them, and judged as it is. */
    static final int LOOKS_OF_UNREST = 5;

    private final String name;
    private final Supplier<List<Path>> files;
    private final int looksOfPatience;
    private final Supplier<T> loader;
    private volatile T current;
    private volatile String problem = "";
    private List<String> told = List.of();
    private final AtomicLong refusals = new AtomicLong();
    private volatile Consumer<T> listener = changed -> {};
    private List<String> loaded;
    private List<String> lastSeen;
    private int looksOfUnrest;

    /**
     * Loads for the first time.
     *
     * @param files which files there are at this moment; asked at each look
     * @param looksOfPatience after how many looks files that never rest are read all the same
     * @throws UnusableFileException when that fails: nothing stands to fall back upon
     */
    Watched(String name, Supplier<List<Path>> files, int looksOfPatience, Supplier<T> loader) {
        this.name = name;
        this.files = files;
        this.looksOfPatience = looksOfPatience;
        this.loader = loader;
        this.loaded = FileVersion.of(files.get());
        this.lastSeen = loaded;
        try {
            this.current = loader.get();
        } catch (UnusableFileException e) {
            throw e.of(name);
        } catch (StackOverflowError e) {
            throw new UnusableFileException(files.get().get(0), "nests deeper than any such file").of(name);
        }
    }

    @Override
    public T get() {
        return current;
    }

    /** What it is, with its setting, as the log says it. */
    public String name() {
        return name;
    }

    /** Has somebody told of every new version, before it is logged to be in force. */
    public void onChange(Consumer<T> newListener) {
        listener = newListener;
    }

    /** Returns how many new versions were refused. */
    public long refusals() {
        return refusals.get();
    }

    /** What is wrong with the version that was refused last; empty if the files' own version is in force. */
    public String problem() {
        return problem;
    }

    /**
     * Loads again where the files have changed and rest. A file that somebody still writes, and a key that comes a moment
     * after its certificate, are left alone until then; but not for long, because a file that is written continuously would
     * otherwise never be read.
     */
    synchronized void refresh() {
        List<String> seen = FileVersion.of(files.get());
        looksOfUnrest = seen.equals(lastSeen) ? 0 : looksOfUnrest + 1;
        lastSeen = seen;
        if (seen.equals(loaded) || (looksOfUnrest > 0 && looksOfUnrest < looksOfPatience)) {
            return;
        }
        load(seen);
    }

    /**
     * Loads again now, whether the files have changed or not. What is still being written is refused, and seen again when it
     * is complete.
     */
    synchronized Reload reload() {
        List<String> seen = FileVersion.of(files.get());
        boolean changed = !seen.equals(loaded) || !problem.isEmpty();
        lastSeen = seen;
        load(seen);
        if (!problem.isEmpty()) {
            return new Reload(name, Reload.Outcome.REFUSED, problem);
        }
        return new Reload(name, changed ? Reload.Outcome.RELOADED : Reload.Outcome.UNCHANGED, "");
    }

    private void load(List<String> seen) {
        looksOfUnrest = 0;
        boolean news = !seen.equals(loaded) || !problem.isEmpty();
        loaded = seen;
        try {
            T changed = loader.get();
            boolean same = changed.equals(current);
            if (!same) {
                listener.accept(changed);
                current = changed;
            }
            news &= !same || !problem.isEmpty();
            problem = problemsOf(changed);
            if (news && problem.isEmpty()) {
                LOG.info("the new version of {} is in force", name);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Whatever it is, a file that nests too deep or is too large included: the next change must be seen.
            problem = e instanceof UnusableFileException ? String.valueOf(e.getMessage()) : e.toString();
            refusals.incrementAndGet();
            LOG.error("the new version of {} is refused, and the previous version stays in force: {}", name, problem);
        }
    }

    /** Logs what is new among the problems: a file that stays unusable is told of once. */
    private String problemsOf(T changed) {
        List<String> problems = changed instanceof Partial partial ? partial.problems() : List.of();
        problems.stream().filter(text -> !told.contains(text)).forEach(text -> LOG.error("{}: {}", name, text));
        told = problems;
        return String.join("; ", problems);
    }
}
