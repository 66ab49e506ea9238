import type { ErrorCode } from '#shared/errors/AppError.ts';
import type { ErrorTexts } from '../en/errors.ts';

export const errors: Record<ErrorCode, ErrorTexts> = {
  'input/invalid': { title: '输入的内容无法使用', next: '请检查后重试。' },
  'internal/unexpected': {
    title: '发生了意外情况',
    next: '您的故事完好无损。请重试；如果再次出现，请重新启动应用。',
  },
  'host/disconnected': { title: '创作室没有响应', next: '您写的文字都留在这个窗口里，恢复后会立即送达。' },
  'host/unsupported': { title: '浏览器中无法这样做', next: '请直接输入路径，或使用桌面版。' },

  'project/not-found': {
    title: '找不到这个文件夹',
    next: '请检查路径，看看文件夹是否被移走、磁盘是否已拔出。',
  },
  'project/not-a-story': { title: '这个文件夹里没有故事', next: '请选择包含 story.json 的文件夹。' },
  'project/exists': { title: '已有同名的文件夹', next: '请换一个书名，或打开已有的故事。' },
  'project/damaged': {
    title: '故事文件已损坏',
    next: '没有改动任何内容。请从备份恢复文件夹，或打开它的快照。',
  },
  'project/newer-version': {
    title: '由更新版本的 Storyloom 创建',
    next: '可以阅读；要修改，请先更新 Storyloom。',
  },
  'project/read-only': {
    title: '这里只能阅读这个故事',
    next: '请在别处关闭它，或解除文件夹的写保护。',
  },
  'project/locked': { title: '故事已在别处打开', next: '请先在那里关闭，然后重试。' },
  'project/closed': { title: '故事已关闭', next: '请从开始画面重新打开。' },
  'project/vanished': {
    title: '故事文件夹不见了',
    next: '您写的文字都留在这个窗口里。请接回文件夹或磁盘，然后重试。',
  },

  'story/invalid-command': {
    title: '现在已无法这样做',
    next: '故事在此期间有了变化。请再看一看，需要的话重做这一步。',
  },
  'story/conflict': { title: '场景在别处也被改动', next: '两个版本都已保留，请决定最终的内容。' },
  'story/would-empty': {
    title: '这样会把场景清空',
    next: '文件保持原样。如果确实要清空，请删除正文后再保存。',
  },

  'disk/full': { title: '磁盘已满', next: '您写的文字都留在这个窗口里。请腾出空间，随后会自动保存。' },
  'disk/denied': { title: '没有写入这个文件夹的权限', next: '请为您的账户授予写入权限，然后重试。' },
  'disk/failed': {
    title: '磁盘报告了错误',
    next: '您写的文字都留在这个窗口里。请检查磁盘及其连接，然后重试。',
  },
  'disk/not-found': { title: '没有这个文件或文件夹', next: '请检查路径；它指的是运行工作室的电脑。' },
  'disk/exists': { title: '已有同名文件', next: '原文件没有改动。请换个名称，或选择替换它。' },

  'image/unsupported-type': {
    title: '不支持这种文件',
    next: '请使用 JPEG、PNG、WebP、GIF 或 AVIF。',
  },
  'image/damaged': { title: '图片已损坏或不完整', next: '请重新保存或下载，然后再添加。' },
  'image/too-large': { title: '图片太大', next: '请先用图片编辑软件缩小，然后再添加。' },
  'image/empty': { title: '文件是空的', next: '请重新保存或下载图片，然后再添加。' },
  'image/not-found': { title: '图片不在了', next: '请查看它是否被移出故事文件夹，或重新添加。' },
  'image/timeout': { title: '读取图片用时过长', next: '请重试，或先另存为其他格式。' },

  'snapshot/not-found': { title: '这个快照已不存在', next: '请从列表中另选一个。' },
  'book/empty': { title: '还没有可以成书的内容', next: '请至少写一个场景，或另选场景。' },
  'book/folder-in-use': { title: '那个文件夹里有别的内容', next: '请另选文件夹。没有覆盖任何文件。' },

  'model/unknown': { title: '没有这个模型', next: '请在“模型”页另选一个。' },
  'model/not-installed': { title: '模型尚未安装', next: '请在“模型”页安装，然后再试。' },
  'model/unsupported-call': {
    title: '这个模型做不到',
    next: '请选择能做到的模型；“模型”页写明了各自的用途。',
  },
  'model/damaged': { title: '模型文件已损坏', next: '请在“模型”页重新安装；如显示为已安装，请先移除。' },
  'model/load-failed': { title: '模型无法载入', next: '请重试。如果仍然失败，请重新安装。' },
  'model/out-of-memory': {
    title: '内存不足，无法运行模型',
    next: '请释放其他模型或关闭其他程序，然后重试。',
  },
  'model/in-use': { title: '模型正忙', next: '请等它完成，或停止当前任务。' },
  'download/failed': { title: '下载中断', next: '请检查网络后重新安装，已下载的部分会继续使用。' },
  'download/denied': {
    title: '模型站点拒绝下载',
    next: '可能需要先在该站点的页面上接受许可，或需要您的访问令牌：可在设置中填写。',
  },
  'download/not-found': { title: '模型站点上已没有这些文件', next: '请选择模型的其他版本，或更换站点。' },
  'download/in-progress': {
    title: '另一个 Storyloom 正在下载这个模型',
    next: '请等它下载完成，再在这里选择安装：不会重复下载。',
  },
  'download/unexpected-host': {
    title: '下载被引向了不相关的服务器',
    next: '没有从那里下载任何内容。如果使用了镜像，请检查设置中的地址。',
  },
  'download/proxy-denied': {
    title: '网络代理拒绝了连接',
    next: '代理要求用户名和密码。请在 HTTPS_PROXY 中写上两者，再重新启动 Storyloom。',
  },
  'download/wrong-hash': { title: '下载的内容不符', next: '已将其丢弃，请稍后重试。' },

  'engine/crashed': {
    title: '模型进程意外结束',
    next: '它会自动重新启动，您的故事不受影响。请稍后再试。',
  },
  'engine/stopped': { title: '模型已停止', next: '它连续几次意外退出。请在状态栏重新启动。' },
  'engine/timeout': { title: '模型没有及时回应', next: '请重试，最好选短一些的段落。' },
  'engine/out-of-memory': {
    title: '模型占用的内存超出了可用范围',
    next: '为避免电脑内存不足，模型进程已被结束并会重新启动。请加载较小的版本、关闭其他程序，或在设置中允许模型使用更多内存。',
  },
  'engine/quarantined': {
    title: '这个任务已两次使模型进程退出',
    next: '不会再自动尝试。请换一个模型或段落，或在状态栏重新启动模型。',
  },
  'imaging/crashed': { title: '图片进程意外结束', next: '它会自动重新启动，请再添加一次。' },
  'imaging/stopped': { title: '图片处理已停止', next: '它连续几次意外退出。请在状态栏重新启动。' },

  'task/no-route': { title: '已安装的模型都做不到', next: '请在“模型”页安装能做到的模型。' },
  'task/ai-disabled': { title: '这个故事关闭了模型', next: '请在故事设置中打开。' },
  'task/cancelled': { title: '已停止', next: '随时可以重新开始。' },
  'task/empty-answer': { title: '模型的回答用不上', next: '请再试一次、换一个更大的模型，或自己写。' },
  'plan/none': { title: '这里还没有开始写整个故事', next: '请先写下构思。' },
  'task/queue-full': { title: '等待的任务太多', next: '请稍等片刻再试。' },
  'task/nothing-to-rank': {
    title: '没有可以比对的内容',
    next: '请添加图片，或为图片写上图注、替代文字或标签。',
  },

  'jobs/full': {
    title: '等待的任务已经太多',
    next: '请等一些任务完成，或取消不再需要的任务，再开始这一个。',
  },
  'jobs/not-found': { title: '这个任务已不存在', next: '它已被移除。需要的话请重新开始。' },
  'jobs/nothing-to-do': { title: '没有需要做的了', next: '该有的都已经有了。' },
};

export const facts = {
  file: '文件：{{value}}',
  folder: '文件夹：{{value}}',
  path: '路径：{{value}}',
  name: '名称：{{value}}',
  format: '类型：{{value}}',
  model: '模型：{{value}}',
  models: '可以做到的：{{value}}',
  limit: '上限：{{value}}',
  size: '大小：{{value}}',
  needed: '需要：{{value}}',
  free: '可用：{{value}}',
  reason: '原因：{{value}}',
};

export const errorUi = {
  details: '技术细节',
  openModels: '打开“模型”页',
  dismiss: '知道了',
};
