package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the commands make of a folder, also where they are interrupted before or after any change of a file. */
class KeyCommandsTest {

    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path folder;

    @TempDir
    Path prepared;

    private final TestClock clock = new TestClock();
    private final SigningFactory signing = new SigningFactory();
    private final List<String> lines = new ArrayList<>();

    private KeySettings settings() {
        return new KeySettings(signing, Duration.ofMinutes(5), List.of("https://api.example"), Optional::empty);
    }

    private KeyStock stock(FileOperations operations) {
        return new KeyStock(folder, settings(), operations, clock);
    }

    private KeyCommands commands(FileOperations operations) throws IOException {
        KeyStock stock = stock(operations);
        stock.deleteUnfinished();
        return new KeyCommands(stock, settings(), lines::add);
    }

    private KeyCommands commands() throws IOException {
        return commands(DiskOperations.ofPrivateFiles());
    }

    private static KeyCommands.Rotation every(Duration period) {
        return new KeyCommands.Rotation(Optional.of(period), MONTH, id -> true);
    }

    private static KeyCommands.Rotation forced() {
        return new KeyCommands.Rotation(Optional.empty(), MONTH, id -> true);
    }

    private RingView view() {
        return stock(DiskOperations.ofPrivateFiles()).view();
    }

    private String active() {
        return view().active("ES256").orElseThrow().id();
    }

    private List<String> ids(KeyState state) {
        return view().in(state).map(RingKey::id).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(KeyFolder::name).sorted().toList();
        }
    }

    @Test
    void generate_inAnEmptyFolder_makesAKeyAndItsSuccessor() throws IOException {
        commands().generate("ES256");

        assertThat(names()).containsExactly("key-000001.json", "key-000001.pem", "key-000002.json", "key-000002.pem");
        assertThat(ids(KeyState.ACTIVE)).hasSize(1);
        assertThat(ids(KeyState.PUBLISHED)).hasSize(1);
        for (String name : names()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }

        lines.clear();
        commands().generate("ES256");
        assertThat(names()).hasSize(4);
        assertThat(lines).isEmpty();
    }

    @Test
    void generate_withAPassword_writesEncryptedKeys() throws IOException {
        signing.keysPassword = "correct horse";
        commands().generate("ES256");

        assertThat(Files.readString(folder.resolve("key-000001.pem"))).contains("BEGIN ENCRYPTED");
        assertThat(view().published()).hasSize(2);
        signing.keysPassword = "";
        assertThatThrownBy(this::view)
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("is encrypted: set SIGNING_KEYS_PASSWORD");
    }

    @Test
    void rotate_everyMonth_hasEachKeyPublishedForAMonthBeforeItSigns() throws IOException {
        commands().generate("ES256");
        String first = active();
        String second = ids(KeyState.PUBLISHED).get(0);

        commands().rotate(every(MONTH));
        assertThat(active()).isEqualTo(first);

        clock.ahead(MONTH);
        commands().rotate(every(MONTH));
        assertThat(active()).isEqualTo(second);
        assertThat(ids(KeyState.RETIRING)).containsExactly(first);
        String third = ids(KeyState.PUBLISHED).get(0);

        lines.clear();
        commands().rotate(every(MONTH));
        assertThat(lines).isEmpty();

        clock.ahead(MONTH.plusHours(25));
        assertThat(ids(KeyState.RETIRED)).containsExactly(first);
        clock.ahead(MONTH.multipliedBy(2));
        commands().rotate(every(MONTH));
        assertThat(active()).isEqualTo(third);
        assertThat(names()).contains("key-000001.pem");

        clock.ahead(MONTH.multipliedBy(2).plusDays(2));
        commands().rotate(every(MONTH));
        assertThat(names()).doesNotContain("key-000001.pem", "key-000001.json").contains("key-000002.pem");
    }

    @Test
    void rotate_outOfTurn_waitsForTheLead() throws IOException {
        commands().generate("ES256");
        String first = active();

        clock.ahead(Duration.ofDays(7).minusMinutes(1));
        commands().rotate(forced());
        assertThat(active()).isEqualTo(first);

        clock.ahead(Duration.ofDays(7).plusMinutes(1));
        commands().rotate(forced());
        String second = active();
        assertThat(second).isNotEqualTo(first);
        commands().rotate(forced());
        assertThat(active()).isEqualTo(second);
    }

    @Test
    void rotate_shorterThanTheCacheTime_waitsForIt() throws IOException {
        commands().generate("ES256");
        String first = active();

        clock.ahead(Duration.ofHours(23));
        commands().rotate(every(Duration.ofMinutes(1)));
        assertThat(active()).isEqualTo(first);
    }

    @Test
    void rotate_copyWithoutTheSuccessor_waits() throws IOException {
        commands().generate("ES256");
        String first = active();
        clock.ahead(MONTH);

        commands().rotate(new KeyCommands.Rotation(Optional.of(MONTH), MONTH, id -> false));

        assertThat(active()).isEqualTo(first);
        assertThat(lines).anyMatch(line -> line.contains("is not activated: the published copy does not have it"));
    }

    @Test
    void rotate_folderOfTheFirstVersion_givesItMetadataAndASuccessor() throws IOException {
        Files.writeString(folder.resolve("2026-01.pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));
        Files.writeString(folder.resolve("2026-06.pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));
        String active = active();

        commands().rotate(every(MONTH));

        assertThat(active()).isEqualTo(active);
        assertThat(names())
                .containsExactly("2026-01.pem", "2026-06.json", "2026-06.pem", "key-000001.json", "key-000001.pem");
        assertThat(view().published()).hasSize(3);
    }

    @Test
    void commands_ninthKey_isRefused() throws IOException {
        commands().generate("ES256");
        for (int i = 0; i < 6; i++) {
            Files.writeString(folder.resolve("old-" + i + ".pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));
        }
        stock(DiskOperations.ofPrivateFiles()).revoke(ids(KeyState.PUBLISHED).get(0));
        Files.writeString(folder.resolve("old-6.pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));

        assertThatThrownBy(() -> commands().rotate(every(MONTH)))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("8 published keys");
    }

    @Test
    void commands_unusableFile_changeNothing() throws IOException {
        commands().generate("ES256");
        Files.writeString(folder.resolve("a.pem"), "nonsense");
        List<String> before = names();

        assertThatThrownBy(() -> commands().rotate(forced()))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("a.pem is neither")
                .hasMessageContaining("nothing was changed");
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void revoke_activeKey_hasANewOneSignAndItsSuccessorRevoked() throws IOException {
        commands().generate("ES256");
        String first = active();
        String second = ids(KeyState.PUBLISHED).get(0);

        commands().revoke(first, false);

        assertThat(active()).isNotIn(first, second);
        assertThat(ids(KeyState.REVOKED)).containsExactlyInAnyOrder(first, second);
        assertThat(ids(KeyState.PUBLISHED)).hasSize(1);
        assertThat(names()).contains(first + ".revoked");
        assertThat(lines)
                .anyMatch(line -> line.contains("may accept tokens of " + first + " until "
                        + clock.instant()
                                .plus(Duration.ofHours(24))
                                .truncatedTo(ChronoUnit.HOURS)
                                .toString()
                                .substring(0, 13)))
                .contains("Tokens are for: https://api.example");

        String third = active();
        commands().revoke(first, false);
        assertThat(active()).isEqualTo(third);
        assertThat(ids(KeyState.REVOKED)).hasSize(2);
    }

    @Test
    void revoke_successorTrusted_hasItSign() throws IOException {
        commands().generate("ES256");
        String first = active();
        String second = ids(KeyState.PUBLISHED).get(0);

        commands().revoke(first, true);

        assertThat(active()).isEqualTo(second);
        assertThat(ids(KeyState.REVOKED)).containsExactly(first);
        assertThat(ids(KeyState.PUBLISHED)).hasSize(1);
    }

    @Test
    void revoke_keyThatDoesNotSign_leavesTheActiveOne() throws IOException {
        commands().generate("ES256");
        String first = active();
        clock.ahead(MONTH);
        commands().rotate(every(MONTH));
        String second = active();
        String third = ids(KeyState.PUBLISHED).get(0);

        commands().revoke(first, false);

        assertThat(active()).isEqualTo(second);
        assertThat(ids(KeyState.PUBLISHED)).containsExactly(third);
        assertThatThrownBy(() -> commands().revoke("unknown", false)).hasMessageContaining("holds no key unknown");
    }

    /** A command, and a folder that it is run in. */
    enum Scenario {
        GENERATE {
            @Override
            void prepare(KeyCommandsTest test) {}

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.generate("ES256");
            }
        },
        ROTATE {
            @Override
            void prepare(KeyCommandsTest test) throws IOException {
                test.commands().generate("ES256");
                test.clock.ahead(MONTH);
            }

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.rotate(every(MONTH));
            }
        },
        ROTATE_AND_DELETE {
            @Override
            void prepare(KeyCommandsTest test) throws IOException {
                ROTATE.prepare(test);
                test.commands().rotate(every(MONTH));
                test.clock.ahead(MONTH.multipliedBy(3));
            }

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.rotate(every(MONTH));
            }
        },
        ROTATE_FIRST_VERSION {
            @Override
            void prepare(KeyCommandsTest test) throws IOException {
                Files.writeString(test.folder.resolve("a.pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));
            }

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.rotate(every(MONTH));
            }
        },
        REVOKE {
            @Override
            void prepare(KeyCommandsTest test) throws IOException {
                test.commands().generate("ES256");
                test.compromised = test.active();
            }

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.revoke(test.compromised, false);
            }
        },
        REVOKE_TRUSTING {
            @Override
            void prepare(KeyCommandsTest test) throws IOException {
                REVOKE.prepare(test);
            }

            @Override
            void run(KeyCommands commands, KeyCommandsTest test) throws IOException {
                commands.revoke(test.compromised, true);
            }
        };

        abstract void prepare(KeyCommandsTest test) throws IOException;

        abstract void run(KeyCommands commands, KeyCommandsTest test) throws IOException;
    }

    private String compromised = "";

    @ParameterizedTest
    @EnumSource
    void anyCommand_interruptedAtAnyStep_leavesARingThatWorksAndCanBeRunAgain(Scenario scenario) throws IOException {
        int steps = 0;
        scenario.prepare(this);
        copyFiles(folder, prepared);
        for (boolean before : new boolean[] {true, false}) {
            boolean interrupted = true;
            for (int step = 1; interrupted; step++) {
                empty();
                copyFiles(prepared, folder);
                interrupted = interrupt(scenario, step, before);
                steps += interrupted ? 1 : 0;
                assertWorks(scenario, interrupted);
                scenario.run(commands(), this);
                assertComplete(scenario);
            }
        }
        assertThat(steps).isGreaterThan(8);
    }

    private boolean interrupt(Scenario scenario, int step, boolean before) throws IOException {
        try {
            scenario.run(commands(InterruptedOperations.at(step, before)), this);
            return false;
        } catch (InterruptedOperations.Interruption e) {
            return true;
        }
    }

    /** Another key may be there already, but one signs, and every file can be used. */
    private void assertWorks(Scenario scenario, boolean interrupted) throws IOException {
        if (scenario == Scenario.GENERATE && names().stream().noneMatch(name -> name.endsWith(".pem"))) {
            return;
        }
        KeyRing ring =
                new KeyFolder(folder, new KeyFiles(() -> KeyPassword.of("").reader()), clock).read();
        assertThat(ring.problems()).isEmpty();
        RingView view = ring.at(clock.instant(), TestRing.PERIODS);
        assertThat(view.active("ES256"))
                .as("%s, interrupted %s: %s", scenario, interrupted, names())
                .isPresent();
        assertThat(view.published().size()).isLessThanOrEqualTo(4);
    }

    private void assertComplete(Scenario scenario) throws IOException {
        RingView view = view();
        assertThat(view.in(KeyState.ACTIVE)).hasSize(1);
        assertThat(view.in(KeyState.PUBLISHED))
                .isNotEmpty()
                .allMatch(key -> key.metadata().isPresent());
        assertThat(view.active("ES256").orElseThrow().activates()).isPresent();
        assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(stock(DiskOperations.ofPrivateFiles()).strays()).isEmpty();
        if (scenario.name().startsWith("REVOKE")) {
            assertThat(ids(KeyState.REVOKED)).contains(compromised);
            assertThat(ids(KeyState.REVOKED)).hasSizeBetween(scenario == Scenario.REVOKE ? 2 : 1, 3);
        }
        if (scenario == Scenario.ROTATE_AND_DELETE) {
            assertThat(names()).doesNotContain("key-000001.pem", "key-000001.json");
        }
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void empty() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void lock_heldByAnother_isWaitedForOrNamesItsProcess() throws Exception {
        try (FolderLock held = FolderLock.take(folder, Duration.ZERO)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder, Duration.ofMillis(100)))
                    .isInstanceOf(KeysException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        Instant begin = Instant.now();
        Thread other;
        try (FolderLock held = FolderLock.take(folder, Duration.ZERO)) {
            assertThat(held).isNotNull();
            other = new Thread(() -> {
                try (FolderLock waited = FolderLock.take(folder, Duration.ofSeconds(20))) {
                    assertThat(waited).isNotNull();
                    lines.add("waited");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            other.start();
            Thread.sleep(200);
        }
        other.join();
        assertThat(lines).singleElement().asString().startsWith("waited");
        assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(150));
    }
}
