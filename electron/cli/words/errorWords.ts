import type { ErrorCode } from '#shared/errors/AppError.ts';
import type { Language } from '#shared/story/scene.ts';

/** What happened, and what to do about it on the command line. */
type ErrorWords = Readonly<Record<Language, readonly [title: string, next: string]>>;

const retry = { en: 'Try again.', zh: '请重试。' };
const safe = { en: 'Nothing was changed.', zh: '没有改动任何内容。' };

/** Every error code in the writer's language. */
export const errorWords: Readonly<Record<ErrorCode, ErrorWords>> = {
  'input/invalid': {
    en: ['This cannot be used', 'See "storyloom --help" for what is expected.'],
    zh: ['输入的内容无法使用', '用法见 “storyloom --help”。'],
  },
  'internal/unexpected': {
    en: ['Something unexpected happened', 'Your story is safe. Try again.'],
    zh: ['发生了意外情况', '您的故事完好无损，请重试。'],
  },
  'host/disconnected': {
    en: ['The process that was asked has ended', retry.en],
    zh: ['被调用的进程已结束', retry.zh],
  },
  'host/unsupported': {
    en: ['Not possible on the command line', 'Use the desktop app for this.'],
    zh: ['命令行无法这样做', '请使用桌面版。'],
  },

  'project/not-found': {
    en: ['There is no such folder', 'Check the path given with --story.'],
    zh: ['找不到这个文件夹', '请检查 --story 给出的路径。'],
  },
  'project/not-a-story': {
    en: ['This folder holds no story', 'Name the folder that contains story.json with --story.'],
    zh: ['这个文件夹里没有故事', '请用 --story 指定包含 story.json 的文件夹。'],
  },
  'project/exists': {
    en: ['A folder with that name is there already', 'Choose another title or another folder with --in.'],
    zh: ['已有同名的文件夹', '请换一个书名，或用 --in 另选文件夹。'],
  },
  'project/damaged': {
    en: ['A file is damaged', `${safe.en} Restore it from a backup or a snapshot.`],
    zh: ['文件已损坏', `${safe.zh}请从备份或快照恢复。`],
  },
  'project/newer-version': {
    en: ['Made by a newer version of Storyloom', 'Update Storyloom to change this story.'],
    zh: ['由更新版本的 Storyloom 创建', '要修改，请先更新 Storyloom。'],
  },
  'project/read-only': {
    en: ['This story can only be read here', 'Close it where else it is open, or make its folder writable.'],
    zh: ['这里只能阅读这个故事', '请在别处关闭它，或解除文件夹的写保护。'],
  },
  'project/locked': {
    en: ['The story is open somewhere else', 'Close it there, then try again.'],
    zh: ['故事已在别处打开', '请先在那里关闭，然后重试。'],
  },
  'project/closed': { en: ['The story was closed', retry.en], zh: ['故事已关闭', retry.zh] },
  'project/vanished': {
    en: ['The story’s folder has disappeared', 'Bring the folder or its disk back, then try again.'],
    zh: ['故事文件夹不见了', '请接回文件夹或磁盘，然后重试。'],
  },

  'story/invalid-command': {
    en: ['The story does not allow that', safe.en],
    zh: ['故事不允许这样做', safe.zh],
  },
  'story/conflict': {
    en: ['The story was changed elsewhere at the same time', 'Both versions are kept. Try again.'],
    zh: ['故事在别处同时被改动', '两个版本都已保留，请重试。'],
  },
  'story/would-empty': {
    en: ['This would have emptied a scene', 'The file was left as it is.'],
    zh: ['这样会把场景清空', '文件保持原样。'],
  },

  'disk/full': {
    en: ['The disk is full', 'Make some room, then try again.'],
    zh: ['磁盘已满', '请腾出空间，然后重试。'],
  },
  'disk/denied': {
    en: ['No permission for this file or folder', 'Give your account the right, then try again.'],
    zh: ['没有访问这个文件或文件夹的权限', '请为您的账户授予权限，然后重试。'],
  },
  'disk/failed': {
    en: ['The file or folder could not be used', 'Check the path and the disk, then try again.'],
    zh: ['无法使用这个文件或文件夹', '请检查路径和磁盘，然后重试。'],
  },
  'disk/not-found': {
    en: ['There is no such file or folder', 'Check the path, then try again.'],
    zh: ['没有这个文件或文件夹', '请检查路径，然后重试。'],
  },
  'disk/exists': {
    en: ['There is a file of that name already', 'Choose another name.'],
    zh: ['已有同名文件', '请换个名称。'],
  },

  'image/unsupported-type': {
    en: ['This kind of picture is not supported', 'Use JPEG, PNG, WebP, GIF or AVIF.'],
    zh: ['不支持这种图片', '请使用 JPEG、PNG、WebP、GIF 或 AVIF。'],
  },
  'image/damaged': {
    en: ['The picture is damaged or incomplete', 'Save or download it again.'],
    zh: ['图片已损坏或不完整', '请重新保存或下载。'],
  },
  'image/too-large': {
    en: ['The picture is too large', 'Make it smaller first.'],
    zh: ['图片太大', '请先缩小。'],
  },
  'image/empty': {
    en: ['The picture file is empty', 'Save or download it again.'],
    zh: ['图片文件是空的', '请重新保存或下载。'],
  },
  'image/not-found': {
    en: ['The picture is not there', '"storyloom info" lists the pictures of the story.'],
    zh: ['图片不在了', '“storyloom info” 列出故事中的图片。'],
  },
  'image/timeout': {
    en: ['The picture took too long to read', retry.en],
    zh: ['读取图片用时过长', retry.zh],
  },

  'snapshot/not-found': { en: ['The snapshot is gone', safe.en], zh: ['这个快照已不存在', safe.zh] },
  'book/empty': {
    en: ['There is nothing to print yet', 'Write at least one scene first.'],
    zh: ['还没有可以成书的内容', '请先写至少一个场景。'],
  },
  'book/folder-in-use': {
    en: ['That folder cannot take the book', 'Choose another one with --to. Nothing was overwritten.'],
    zh: ['那个文件夹不能放书', '请用 --to 另选。没有覆盖任何文件。'],
  },

  'model/unknown': {
    en: ['This model is not known', '"storyloom models list" shows the ones that are.'],
    zh: ['没有这个模型', '“storyloom models list” 列出已知的模型。'],
  },
  'model/not-installed': {
    en: ['The model is not installed', 'Install it with "storyloom models install <model>".'],
    zh: ['模型尚未安装', '请用 “storyloom models install <模型>” 安装。'],
  },
  'model/unsupported-call': {
    en: ['The model cannot do that', '"storyloom models list" says what each can do.'],
    zh: ['这个模型做不到', '“storyloom models list” 写明各自的用途。'],
  },
  'model/damaged': {
    en: ['The model’s files are damaged', 'Install it again.'],
    zh: ['模型文件已损坏', '请重新安装。'],
  },
  'model/load-failed': {
    en: ['The model could not be loaded', 'Try again, or install it again.'],
    zh: ['模型无法载入', '请重试，或重新安装。'],
  },
  'model/out-of-memory': {
    en: ['There is not enough memory for the model', 'Close other programs, or raise the limit.'],
    zh: ['内存不足，无法运行模型', '请关闭其他程序，或提高上限。'],
  },
  'model/in-use': { en: ['The model is busy', 'Try again in a moment.'], zh: ['模型正忙', '请稍后再试。'] },
  'download/failed': {
    en: ['The download broke off', 'Check the connection and install again.'],
    zh: ['下载中断', '请检查网络后重新安装。'],
  },
  'download/denied': {
    en: [
      'The model hub refuses this download',
      'Accept the licence on the hub’s page, or use an access token.',
    ],
    zh: ['模型站点拒绝下载', '请先在该站点接受许可，或使用访问令牌。'],
  },
  'download/not-found': {
    en: ['The model hub no longer has these files', 'Choose another version of the model.'],
    zh: ['模型站点上已没有这些文件', '请选择模型的其他版本。'],
  },
  'download/in-progress': {
    en: [
      'Another Storyloom is fetching this model already',
      'Let it finish there, then run the command again.',
    ],
    zh: ['另一个 Storyloom 正在下载这个模型', '请等它下载完成，再运行这个命令。'],
  },
  'download/unexpected-host': {
    en: ['The download led to a server that is not known for it', 'Check the address of the mirror.'],
    zh: ['下载被引向了不相关的服务器', '请检查镜像的地址。'],
  },
  'download/proxy-denied': {
    en: ['The proxy of your network refuses the connection', 'Set HTTPS_PROXY with a name and a password.'],
    zh: ['网络代理拒绝了连接', '请在 HTTPS_PROXY 中写上用户名和密码。'],
  },
  'download/wrong-hash': {
    en: ['The download was not what it should be', 'It was thrown away. Try again later.'],
    zh: ['下载的内容不符', '已将其丢弃，请稍后重试。'],
  },

  'engine/crashed': {
    en: ['The model’s process ended unexpectedly', retry.en],
    zh: ['模型进程意外结束', retry.zh],
  },
  'engine/stopped': {
    en: ['The model’s process keeps ending', 'See its log in the data folder.'],
    zh: ['模型进程反复退出', '请查看数据文件夹中的日志。'],
  },
  'engine/timeout': {
    en: ['The model did not answer in time', retry.en],
    zh: ['模型没有及时回应', retry.zh],
  },
  'engine/out-of-memory': {
    en: [
      'The models took more memory than there is for them',
      'Load a smaller variant, close other programs, or allow more with max_memory_usage.',
    ],
    zh: ['模型占用的内存超出了可用范围', '请加载较小的版本、关闭其他程序，或调高 max_memory_usage。'],
  },
  'engine/quarantined': {
    en: ['This has ended the model’s process twice', 'Take another model or another passage.'],
    zh: ['这个任务已两次使模型进程退出', '请换一个模型或段落。'],
  },
  'imaging/crashed': {
    en: ['The picture process ended unexpectedly', retry.en],
    zh: ['图片进程意外结束', retry.zh],
  },
  'imaging/stopped': {
    en: ['The picture process keeps ending', 'See its log in the data folder.'],
    zh: ['图片进程反复退出', '请查看数据文件夹中的日志。'],
  },

  'task/no-route': {
    en: ['No installed model can do this', '"storyloom models list" shows what can be installed.'],
    zh: ['已安装的模型都做不到', '“storyloom models list” 列出可以安装的模型。'],
  },
  'task/ai-disabled': {
    en: ['Models are switched off in this story', 'Switch them on in the story’s settings.'],
    zh: ['这个故事关闭了模型', '请在故事设置中打开。'],
  },
  'task/cancelled': {
    en: ['Stopped', 'What was finished is kept.'],
    zh: ['已停止', '已完成的部分都保留着。'],
  },
  'task/empty-answer': {
    en: ['The model’s answer was of no use', 'Try again, or with a larger model (--model).'],
    zh: ['模型的回答用不上', '请再试一次，或用更大的模型（--model）。'],
  },
  'plan/none': {
    en: ['No whole story was begun here', 'Begin one with a premise.'],
    zh: ['这里还没有开始写整个故事', '请先给出构思。'],
  },
  'task/queue-full': {
    en: ['Too many tasks are waiting', 'Try again in a moment.'],
    zh: ['等待的任务太多', '请稍后再试。'],
  },
  'task/nothing-to-rank': {
    en: ['There is nothing to choose from', 'Add pictures, or give them captions, alt texts or tags.'],
    zh: ['没有可以比对的内容', '请添加图片，或为图片写上图注、替代文字或标签。'],
  },

  'jobs/full': {
    en: ['Too many jobs are waiting already', 'Cancel some of them in the window.'],
    zh: ['等待的任务已经太多', '请在窗口中取消一些。'],
  },
  'jobs/not-found': {
    en: ['There is no such job', 'It was removed.'],
    zh: ['没有这个任务', '它已被移除。'],
  },
  'jobs/nothing-to-do': {
    en: ['There is nothing left to do', 'Everything that needed this has it already.'],
    zh: ['没有需要做的了', '该有的都已经有了。'],
  },
};
