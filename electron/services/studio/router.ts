import { implement, type Router } from '@orpc/server';
import { type Contract, contract } from '#shared/contract/index.ts';
import type { StudioServices } from './StudioServices.ts';

const studio = implement(contract);

/** The whole contract over the studio's services: what a window, on any transport, may ask for. */
export function createRouter(services: StudioServices): Router<Contract, Record<never, never>> {
  const {
    app,
    projects,
    story,
    snapshots,
    images,
    tasks,
    books,
    jobs,
    models,
    plans,
    feedback,
    consistency,
    monitoring,
    warmUp,
  } = services;
  return studio.router({
    app: {
      info: studio.app.info.handler(() => app.info()),
      watch: studio.app.watch.handler(({ signal }) => app.watch(signal)),
      settings: studio.app.settings.handler(() => app.settings()),
      updateSettings: studio.app.updateSettings.handler(({ input }) => app.updateSettings(input)),
      hubToken: studio.app.hubToken.handler(() => app.hubToken()),
      setHubToken: studio.app.setHubToken.handler(({ input }) => app.setHubToken(input)),
      chooseFile: studio.app.chooseFile.handler(({ input }) => app.chooseFile(input)),
      probeDevices: studio.app.probeDevices.handler(() => app.probeDevices()),
      engineLog: studio.app.engineLog.handler(() => app.engineLog()),
      restart: studio.app.restart.handler(({ input }) => app.restart(input)),
      openLink: studio.app.openLink.handler(({ input }) => app.openLink(input)),
    },
    projects: {
      recent: studio.projects.recent.handler(() => projects.recent()),
      forget: studio.projects.forget.handler(({ input }) => projects.forget(input)),
      create: studio.projects.create.handler(({ input }) => projects.create(input)),
      open: studio.projects.open.handler(({ input }) => projects.open(input)),
      openSample: studio.projects.openSample.handler(({ input }) => projects.openSample(input)),
      close: studio.projects.close.handler(({ input }) => projects.close(input)),
      chooseFolder: studio.projects.chooseFolder.handler(({ input }) => projects.chooseFolder(input)),
      reveal: studio.projects.reveal.handler(({ input }) => projects.reveal(input)),
    },
    story: {
      readTexts: studio.story.readTexts.handler(({ input }) => story.readTexts(input)),
      apply: studio.story.apply.handler(({ input }) => story.apply(input)),
      save: studio.story.save.handler(({ input }) => story.save(input)),
      watch: studio.story.watch.handler(({ input, signal }) => story.watch(input, signal)),
      resolveConflict: studio.story.resolveConflict.handler(({ input }) => story.resolveConflict(input)),
      search: studio.story.search.handler(({ input }) => story.search(input)),
    },
    snapshots: {
      list: studio.snapshots.list.handler(({ input }) => snapshots.list(input)),
      create: studio.snapshots.create.handler(({ input }) => snapshots.create(input)),
      read: studio.snapshots.read.handler(({ input }) => snapshots.read(input)),
      planRestore: studio.snapshots.planRestore.handler(({ input }) => snapshots.planRestore(input)),
    },
    images: {
      import: studio.images.import.handler(({ input, signal }) => images.import(input, signal)),
    },
    tasks: {
      write: studio.tasks.write.handler(({ input, signal }) => tasks.write(input, signal)),
      compose: studio.tasks.compose.handler(({ input, signal }) => tasks.compose(input, signal)),
      indexPictures: studio.tasks.indexPictures.handler(({ input, signal }) =>
        tasks.indexPictures(input, signal),
      ),
      match: studio.tasks.match.handler(({ input, signal }) => tasks.match(input, signal)),
      similar: studio.tasks.similar.handler(({ input, signal }) => tasks.similar(input, signal)),
      illustrate: studio.tasks.illustrate.handler(({ input, signal }) => tasks.illustrate(input, signal)),
      ask: studio.tasks.ask.handler(({ input, signal }) => tasks.ask(input, signal)),
      converse: studio.tasks.converse.handler(({ input, signal }) => tasks.converse(input, signal)),
      describeTogether: studio.tasks.describeTogether.handler(({ input, signal }) =>
        tasks.describeTogether(input, signal),
      ),
      describe: studio.tasks.describe.handler(({ input, signal }) => tasks.describe(input, signal)),
    },
    monitoring: {
      summary: studio.monitoring.summary.handler(({ input, signal }) =>
        monitoring.summary(input.range, signal),
      ),
      series: studio.monitoring.series.handler(({ input, signal }) => monitoring.series(input.range, signal)),
      cache: studio.monitoring.cache.handler(({ signal }) => monitoring.cache(signal)),
      clearCache: studio.monitoring.clearCache.handler(() => monitoring.clearCache()),
      warmUp: studio.monitoring.warmUp.handler(({ input, signal }) => warmUp.run(input.sessionId, signal)),
      report: studio.monitoring.report.handler(() => monitoring.report()),
    },
    models: {
      list: studio.models.list.handler(({ signal }) => models.list(undefined, withSignal(signal))),
      watch: studio.models.watch.handler(({ signal }) => models.watch(undefined, withSignal(signal))),
      install: studio.models.install.handler(({ input, signal }) =>
        models.install(input, withSignal(signal)),
      ),
      uninstall: studio.models.uninstall.handler(({ input, signal }) =>
        models.uninstall(input, withSignal(signal)),
      ),
      load: studio.models.load.handler(({ input, signal }) => models.load(input, withSignal(signal))),
      unload: studio.models.unload.handler(({ input, signal }) => models.unload(input, withSignal(signal))),
      pin: studio.models.pin.handler(({ input, signal }) => models.pin(input, withSignal(signal))),
      devices: studio.models.devices.handler(({ signal }) => models.devices(undefined, withSignal(signal))),
      rescan: studio.models.rescan.handler(({ signal }) => models.rescan(undefined, withSignal(signal))),
      register: studio.models.register.handler(({ input, signal }) =>
        models.register(input, withSignal(signal)),
      ),
      exportPack: studio.models.exportPack.handler(({ input, signal }) =>
        models.exportPack(input, withSignal(signal)),
      ),
      importPack: studio.models.importPack.handler(({ input, signal }) =>
        models.importPack(input, withSignal(signal)),
      ),
      fetchFrom: studio.models.fetchFrom.handler(({ input, signal }) =>
        models.fetchFrom(input, withSignal(signal)),
      ),
      limit: studio.models.limit.handler(({ input, signal }) => models.limit(input, withSignal(signal))),
    },
    consistency: {
      pictures: studio.consistency.pictures.handler(({ input, signal }) =>
        consistency.pictures(input, signal),
      ),
      check: studio.consistency.check.handler(({ input, signal }) => consistency.check(input, signal)),
    },
    plans: {
      get: studio.plans.get.handler(({ input }) => plans.get(input)),
      begin: studio.plans.begin.handler(({ input }) => plans.begin(input)),
      edit: studio.plans.edit.handler(({ input }) => plans.edit(input)),
      run: studio.plans.run.handler(({ input, signal }) => plans.run(input, signal)),
      discard: studio.plans.discard.handler(({ input }) => plans.discard(input)),
    },
    feedback: {
      list: studio.feedback.list.handler(() => feedback.list()),
      vote: studio.feedback.vote.handler(({ input }) => feedback.vote(input)),
      set: studio.feedback.set.handler(({ input }) => feedback.set(input)),
      reset: studio.feedback.reset.handler(({ input }) => feedback.reset(input)),
      export: studio.feedback.export.handler(() => feedback.export()),
      import: studio.feedback.import.handler(({ input }) => feedback.import(input)),
    },
    books: {
      export: studio.books.export.handler(({ input }) => books.export(input)),
    },
    jobs: {
      list: studio.jobs.list.handler(() => jobs.list()),
      watch: studio.jobs.watch.handler(({ input, signal }) => jobs.watch(input, signal)),
      start: studio.jobs.start.handler(({ input }) => jobs.start(input)),
      pause: studio.jobs.pause.handler(({ input }) => jobs.pause(input)),
      resume: studio.jobs.resume.handler(({ input }) => jobs.resume(input)),
      cancel: studio.jobs.cancel.handler(({ input }) => jobs.cancel(input)),
      retry: studio.jobs.retry.handler(({ input }) => jobs.retry(input)),
      remove: studio.jobs.remove.handler(({ input }) => jobs.remove(input)),
      results: studio.jobs.results.handler(({ input }) => jobs.results(input)),
      decide: studio.jobs.decide.handler(({ input }) => jobs.decide(input)),
    },
  });
}

const withSignal = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
