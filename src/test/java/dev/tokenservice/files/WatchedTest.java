package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.tokenservice.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedTest {

    @TempDir
    Path folder;

    private final WatchedFiles files = new WatchedFiles(Clock.systemUTC());
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("file"), "one");
    }

    private Watched<String> watch() {
        return files.watch("THE_FILE", List.of(file), () -> {
            try {
                String text = Files.readString(file);
                if (text.equals("bad")) {
                    throw new UnusableFileException(file, "is bad");
                }
                return text;
            } catch (IOException e) {
                throw new UnusableFileException(file, "is gone", e);
            }
        });
    }

    private void change(String text) throws IOException {
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 5));
    }

    private void rest() {
        files.refresh();
        files.refresh();
    }

    @Test
    void watch_unusableFile_isRefused() throws IOException {
        change("bad");

        assertThatThrownBy(this::watch)
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("is bad");
    }

    @Test
    void get_afterChange_isNewOnceTheFileRests() throws IOException {
        Watched<String> watched = watch();
        change("two");

        files.refresh();
        assertThat(watched.get()).isEqualTo("one");
        files.refresh();
        assertThat(watched.get()).isEqualTo("two");
    }

    @Test
    void get_afterBadChange_isOldAndTheProblemIsTold() throws IOException {
        Watched<String> watched = watch();
        change("bad");
        rest();

        assertThat(watched.get()).isEqualTo("one");
        assertThat(watched.problem()).contains("is bad");

        change("three");
        rest();
        assertThat(watched.get()).isEqualTo("three");
        assertThat(watched.problem()).isEmpty();
    }

    @Test
    void get_afterChangeThatIsTooMuchForTheParser_isOldAndTheNextChangeIsSeen() throws IOException {
        Watched<String> watched = files.watch("THE_FILE", List.of(file), () -> {
            try {
                String text = Files.readString(file);
                if (text.equals("too deep")) {
                    throw new StackOverflowError();
                }
                return text;
            } catch (IOException e) {
                throw new UnusableFileException(file, "is gone", e);
            }
        });
        change("too deep");
        rest();
        assertThat(watched.get()).isEqualTo("one");
        assertThat(watched.problem()).contains("StackOverflowError");

        change("three");
        rest();
        assertThat(watched.get()).isEqualTo("three");
    }

    @Test
    void get_afterRemoval_isOldUntilTheFileIsBack() throws IOException {
        Watched<String> watched = watch();
        Files.delete(file);
        rest();
        assertThat(watched.get()).isEqualTo("one");
        assertThat(watched.problem()).contains("is gone");

        Files.writeString(file, "four");
        rest();
        assertThat(watched.get()).isEqualTo("four");
    }

    @Test
    void get_symbolicLinkTurned_isNew() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("secret"), "one");
        Files.writeString(second.resolve("secret"), "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        file = Files.createSymbolicLink(folder.resolve("secret"), data.resolve("secret"));
        Watched<String> watched = watch();

        Files.delete(data);
        Files.createSymbolicLink(data, second);
        rest();

        assertThat(watched.get()).isEqualTo("two");
    }

    @Test
    void reload_changedUnchangedAndBad_isAnsweredAtOnce() throws IOException {
        Watched<String> watched = watch();
        assertThat(reload()).isEqualTo("unchanged: THE_FILE");

        change("two");
        assertThat(reload()).isEqualTo("reloaded: THE_FILE");
        assertThat(watched.get()).isEqualTo("two");

        change("bad");
        assertThat(reload()).isEqualTo("refused: THE_FILE: " + file + " is bad");
        assertThat(reload()).as("it still is").startsWith("refused");
        assertThat(watched.get()).isEqualTo("two");
        assertThat(files.problems()).hasSize(1);

        change("two");
        assertThat(reload()).isEqualTo("reloaded: THE_FILE");
        assertThat(files.problems()).isEmpty();
    }

    @Test
    void reload_changeThatShowsInNoTimeAndNoSize_isRead() throws IOException {
        Watched<String> watched = watch();
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);

        reload();

        assertThat(watched.get()).isEqualTo("two");
    }

    @Test
    void reload_whileTheFileChangesAndIsWatched_endsWithTheLastVersion() throws Exception {
        Watched<String> watched = watch();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(threads.submit(() -> {
                for (int round = 0; round < 100; round++) {
                    files.reload();
                    files.refresh();
                }
            }));
        }
        for (int i = 0; i < 50; i++) {
            change("version " + i);
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();

        reload();
        assertThat(watched.get()).isEqualTo("version 49");
    }

    @Test
    void get_fileThatIsWrittenWithoutPause_isReadAfterFiveLooks() throws IOException {
        Watched<String> watched = watch();

        for (int look = 1; look <= 5; look++) {
            assertThat(watched.get()).as("before look %d", look).isEqualTo("one");
            change("version " + look);
            files.refresh();
        }

        assertThat(watched.get()).isEqualTo("version 5");
    }

    @Test
    void get_fileThatIsWrittenWithoutPauseAndIsBad_isTold() throws IOException {
        Watched<String> watched = watch();

        for (int look = 1; look <= 5; look++) {
            change("bad".substring(0, look % 2) + "bad".substring(look % 2));
            files.refresh();
        }

        assertThat(watched.problem()).contains("is bad");
    }

    @Test
    void refresh_whileAnotherFileDoesNotAnswer_readsTheOthersAndTellsOfIt() throws Exception {
        TestClock time = new TestClock();
        WatchedFiles both = new WatchedFiles(time);
        CountDownLatch hang = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        Path other = Files.writeString(folder.resolve("other"), "one");
        both.watch("HUNG", List.of(other), () -> {
            if (hangs.get()) {
                Uninterruptibles.awaitUninterruptibly(hang);
            }
            return "content";
        });
        Watched<String> watched = both.watch("THE_FILE", List.of(file), () -> RegularFile.text(file, 1));
        hangs.set(true);
        Files.writeString(other, "other");
        change("two");

        both.refresh();
        both.refresh();
        time.ahead(Duration.ofSeconds(42));
        both.refresh();

        assertThat(watched.get()).isEqualTo("two");
        assertThat(both.problems()).containsExactly("HUNG: the file system does not answer for 42 s");
        assertThat(both.reload())
                .extracting(Reload::toString)
                .containsExactly("refused: HUNG: the file system does not answer", "unchanged: THE_FILE");

        hang.countDown();
        hangs.set(false);
        await(() -> both.problems().isEmpty());
    }

    @Test
    void reload_whileALookReadsTheNewVersion_waitsForIt() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        Watched<String> watched = files.watch("SLOW", List.of(file), () -> {
            if (slow.get()) {
                Uninterruptibles.awaitUninterruptibly(read);
            }
            return RegularFile.text(file, 1);
        });
        change("two");
        files.refresh();
        slow.set(true);
        files.refresh();

        FutureTask<String> reload = new FutureTask<>(this::reload);
        Thread operator = new Thread(reload);
        operator.start();
        await(() ->
                EnumSet.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED).contains(operator.getState()));
        read.countDown();

        assertThat(reload.get()).isEqualTo("unchanged: SLOW");
        assertThat(watched.get()).isEqualTo("two");
    }

    @Test
    void problems_watchingThatHasStopped_areTold() {
        TestClock time = new TestClock();
        WatchedFiles stopped = new WatchedFiles(time);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        stopped.start(scheduler);
        scheduler.shutdownNow();

        assertThat(stopped.problems()).isEmpty();
        time.ahead(Duration.ofSeconds(31));
        assertThat(stopped.problems()).containsExactly("no file was looked at for 31 s: restart the service");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private String reload() {
        return files.reload().get(0).toString();
    }
}
